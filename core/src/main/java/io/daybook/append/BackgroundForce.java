package io.daybook.append;

import io.daybook.host.StoreThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces what was appended once an interval, on a thread of its own, so that a stop of the machine takes no event that is older than the
 * interval and one force. It ends with the first force that fails: the store then refuses appends, with the cause. Internal: not part of
 * the API.
 */
public final class BackgroundForce {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundForce.class);

    private final JournalEnd end;
    private final long intervalNs;
    private final StoreThread thread = new StoreThread(this::run);

    BackgroundForce(JournalEnd end, long intervalNs) {
        this.end = end;
        this.intervalNs = intervalNs;
    }

    /** Starts the thread if there is an interval. */
    void start(ThreadFactory factory, String name) {
        if (intervalNs > 0) {
            thread.start(factory, name);
        }
    }

    private void run() {
        long dueNs = System.nanoTime() + intervalNs;
        while (!thread.isStopped()) {
            Thread.interrupted(); // nobody has a reason to, and an interrupted thread does not park
            long leftNs = dueNs - System.nanoTime();
            if (leftNs > 0) {
                LockSupport.parkNanos(this, leftNs);
                continue;
            }
            dueNs = System.nanoTime() + intervalNs; // from the begin of the force: what comes during it waits no longer for the next
            try {
                end.force(end.position(), Long.MAX_VALUE);
            } catch (Throwable e) {
                LOG.error("The journal could not be forced, so nothing more is written until it is opened again", e);
                return;
            }
        }
    }

    /** Ends the thread and waits for it. */
    void stop() {
        thread.stop();
    }
}
