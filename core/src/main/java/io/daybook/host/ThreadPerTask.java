package io.daybook.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntConsumer;

/**
 * Work beside the calling thread, for which the caller waits: each task has a thread of the store's factory. Where none can be had, the
 * caller does it itself. Internal: not part of the API.
 */
public final class ThreadPerTask implements Executor {

    private final ThreadFactory factory;
    private final String name;

    /** Threads of this factory, with this name. */
    public ThreadPerTask(ThreadFactory factory, String name) {
        this.factory = factory;
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        if (!isStarted(task)) {
            task.run();
        }
    }

    private boolean isStarted(Runnable task) {
        try {
            Thread thread = factory.newThread(task);
            if (thread == null) {
                return false;
            }
            thread.setName(name);
            thread.start();
            return true;
        } catch (OutOfMemoryError e) {
            return false; // the machine has no thread to give
        }
    }

    /**
     * Does each piece once, by as many threads as there are processors, the caller among them; none is under way when it answers or
     * throws. After a failure, which is thrown as by {@link #join}, no further piece is begun.
     */
    public void forEach(int count, IntConsumer piece) throws IOException {
        Pieces pieces = new Pieces(count, piece);
        try {
            for (int i = 1; i < Math.min(count, Runtime.getRuntime().availableProcessors()); i++) {
                execute(pieces);
            }
            pieces.run();
        } finally {
            pieces.end(); // a thread that begins later finds nothing to do
        }
        pieces.throwFailure();
    }

    /** Waits for a task and answers what it did, or throws what it threw; what reads files may throw {@link UncheckedIOException}. */
    public static <T> T join(CompletableFuture<T> task) throws IOException {
        try {
            return task.join();
        } catch (CompletionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** Throws what a task threw, or answers it. */
    static RuntimeException rethrown(Throwable thrown) throws IOException {
        if (thrown instanceof UncheckedIOException io) {
            throw io.getCause();
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }
}
