package io.daybook.host;

import java.io.IOException;
import java.util.function.IntConsumer;

/**
 * Pieces of work that several threads take from: each is done once. It counts what is under way and not who works, so that it does not
 * matter whether a thread that was asked for ever begins, or when. Any thread.
 */
final class Pieces implements Runnable {

    private final int count;
    private final IntConsumer piece;
    private final Thread caller = Thread.currentThread(); // who makes it also waits for it
    private int next;
    private int underWay;
    private Throwable failure;

    Pieces(int count, IntConsumer piece) {
        this.count = count;
        this.piece = piece;
    }

    /** Does pieces as long as there are any. */
    @Override
    public void run() {
        for (int taken = take(); taken < count; taken = take()) {
            Throwable thrown = null;
            try {
                piece.accept(taken);
            } catch (Throwable e) {
                thrown = e;
            }
            done(thrown);
        }
    }

    private synchronized int take() {
        if (next == count) {
            return count;
        }
        underWay++;
        return next++;
    }

    private synchronized void done(Throwable thrown) {
        underWay--;
        if (thrown != null) {
            next = count;
            // The caller's own counts: an interrupt closes a channel in it, and then the others fail with that channel.
            failure = failure == null || Thread.currentThread() == caller ? thrown : failure;
        }
        notifyAll();
    }

    /** From now on no piece is begun; waits for those that are under way. */
    synchronized void end() {
        next = count;
        boolean interrupted = false;
        while (underWay > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link ThreadPerTask#join}. */
    synchronized void throwFailure() throws IOException {
        if (failure != null) {
            throw ThreadPerTask.rethrown(failure);
        }
    }
}
