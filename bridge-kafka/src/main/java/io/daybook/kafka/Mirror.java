package io.daybook.kafka;

import io.daybook.DaybookException;
import io.daybook.EventStore;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the bridge's thread does: one session after the other, until it is closed or one ends with what waiting cannot mend. */
final class Mirror implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

    /**
     * The mirror that fenced this one says so in Kafka within this time; then it is left alone. Else it was a timeout. More than a session
     * waits for former transactions before it says so.
     */
    private static final Duration AFTER_FENCE = Duration.ofSeconds(5);

    private final EventStore store;
    private final BridgeSettings settings;
    private final MirrorFigures figures;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final UUID mirror = UUID.randomUUID();
    private volatile MirrorSession session;
    private MirrorSession.Claim claim; // where this mirror last said in Kafka that it goes on; null before it did

    Mirror(EventStore store, BridgeSettings settings, MirrorFigures figures) {
        this.store = store;
        this.settings = settings;
        this.figures = figures;
    }

    @Override
    public void run() {
        try {
            Duration backOff = settings.firstBackOff();
            while (closing.getCount() > 0) {
                long beganNs = System.nanoTime();
                Throwable problem = attempt();
                Fault fault = problem == null ? Fault.CLOSED : Fault.of(problem, claim != null);
                if (fault == Fault.CLOSED || closing.getCount() == 0) {
                    break;
                }
                problem = Explanation.of(problem, settings);
                if (fault == Fault.FINAL) {
                    fail(problem);
                    return;
                }
                boolean held = System.nanoTime() - beganNs > settings.longestBackOff().toNanos();
                backOff = held ? settings.firstBackOff() : backOff;
                waitAfter(fault, problem, backOff);
                Duration doubled = backOff.multipliedBy(2);
                backOff = doubled.compareTo(settings.longestBackOff()) < 0 ? doubled : settings.longestBackOff();
            }
            figures.closed();
            LOG.info("The mirror ended: topic={} position={}", settings.topic(), figures.position());
        } catch (InterruptedException e) {
            figures.closed();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** One session; what ended it, or null if the bridge was closed. */
    private Throwable attempt() throws InterruptedException {
        MirrorSession now = new MirrorSession(store, settings, figures, closing);
        session = now;
        boolean orderly = false;
        try {
            now.begin(mirror, claim);
            LOG.info("The mirror goes on: topic={} position={}", settings.topic(), figures.position());
            now.run();
            orderly = true;
            return null;
        } catch (InterruptedException e) {
            throw e;
        } catch (DaybookException e) {
            orderly = true; // it is nothing that Kafka did
            return e;
        } catch (Exception e) {
            return e;
        } finally {
            claim = now.claim() == null ? claim : now.claim();
            end(now, orderly);
        }
    }

    private static void end(MirrorSession session, boolean orderly) {
        try {
            session.end(orderly);
        } catch (RuntimeException e) {
            LOG.debug("A transaction was left to its successor", e);
            session.abandon();
        }
    }

    private void waitAfter(Fault fault, Throwable problem, Duration backOff) throws InterruptedException {
        figures.retrying(problem);
        Duration wait = fault == Fault.FENCED && backOff.compareTo(AFTER_FENCE) < 0 ? AFTER_FENCE : backOff;
        LOG.warn("The mirror tries again: topic={} position={} waitMs={} problem={}", settings.topic(), figures.position(), wait.toMillis(),
                problem.toString());
        closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void fail(Throwable problem) {
        LOG.error("The mirror stopped for good: topic={} position={} problem={}", settings.topic(), figures.position(), problem.toString());
        figures.failed(problem);
    }

    /** Tells it to end once the transaction that is under way has come to its end. */
    void stop() {
        closing.countDown();
    }

    /** Ends what it waits for in Kafka's clients. */
    void abandon() {
        MirrorSession now = session;
        if (now != null) {
            now.abandon();
        }
    }
}
