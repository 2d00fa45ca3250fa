package io.daybook.kafka;

import java.util.concurrent.TimeUnit;

/** What a bridge tells of itself. Written by its thread, read by any. */
final class MirrorFigures {

    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);

    private BridgeStatus.State state = BridgeStatus.State.STARTING;
    private long position = -1;
    private long events;
    private long transactions;
    private long retries;
    private long windowEvents;
    private long windowNs = System.nanoTime();
    private long rate;
    private Throwable lastError;
    private Throwable failure;

    synchronized void mirroring(long reached) {
        state = BridgeStatus.State.MIRRORING;
        position = reached;
        notifyAll();
    }

    synchronized void committed(long reached, long moreEvents) {
        position = reached;
        events += moreEvents;
        transactions++;
        measure();
        notifyAll();
    }

    synchronized void retrying(Throwable problem) {
        lastError = problem;
        state = BridgeStatus.State.RETRYING;
        retries++;
        notifyAll();
    }

    synchronized void closed() {
        state = BridgeStatus.State.CLOSED;
        notifyAll();
    }

    synchronized void failed(Throwable cause) {
        state = BridgeStatus.State.FAILED;
        lastError = cause;
        failure = cause;
        notifyAll();
    }

    synchronized Throwable failure() {
        return failure;
    }

    synchronized boolean isStopped() {
        return state == BridgeStatus.State.CLOSED || state == BridgeStatus.State.FAILED;
    }

    synchronized long position() {
        return position;
    }

    synchronized BridgeStatus.State state() {
        return state;
    }

    /** Waits until all before this position is in Kafka; false if that does not happen in time, or cannot any more. */
    synchronized boolean await(long wanted, long timeoutNs) throws InterruptedException {
        long beganNs = System.nanoTime();
        while (position < wanted && !isStopped()) {
            long leftNs = timeoutNs - (System.nanoTime() - beganNs);
            if (leftNs <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(leftNs, TimeUnit.MILLISECONDS.toNanos(1)));
        }
        return position >= wanted;
    }

    synchronized BridgeStatus status(long lagEvents, long lagMs) {
        measure();
        return new BridgeStatus(state, position, lagEvents, lagMs, rate, events, transactions, retries, lastError);
    }

    private void measure() {
        long elapsedNs = System.nanoTime() - windowNs;
        if (elapsedNs >= WINDOW_NS) {
            rate = Math.round((events - windowEvents) * (double) WINDOW_NS / elapsedNs);
            windowEvents = events;
            windowNs += elapsedNs;
        }
    }
}
