package io.daybook.append;

import io.daybook.DaybookException;
import io.daybook.NoSpaceException;
import io.daybook.host.StoreThread;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's housekeeping thread: reserves space and touches pages ahead of the append, brings the index on disk up to date behind it,
 * publishes heads files, begins a new journal file at midnight UTC, warns of a disk that is nearly full and of jumps of the clock.
 * Internal: not part of the API.
 */
public final class StoreAgent {

    private static final Logger LOG = LoggerFactory.getLogger(StoreAgent.class);
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FLUSH_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

    private final JournalEnd end;
    private final long flushEvents;
    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition flushed = waiting.newCondition();
    private final StoreThread thread = new StoreThread(this::run);
    private volatile boolean signalled;
    private final SpaceWatch space;
    private volatile Throwable failure;
    private volatile NoSpaceException withoutRoom;
    private volatile long rounds;
    private long day = System.currentTimeMillis() / DAY_MS;
    private long reportedJumps;
    private long lastFlushNs = System.nanoTime();
    private long preparedForces;

    StoreAgent(JournalEnd end, long flushEvents, SpaceWatch space) {
        this.end = end;
        this.flushEvents = flushEvents;
        this.space = space;
    }

    /** Starts the thread. */
    void start(ThreadFactory factory, String name) {
        thread.start(factory, name);
    }

    private void run() {
        while (!thread.isStopped()) {
            Thread.interrupted(); // nobody has a reason to interrupt this thread, and its files would be closed under it
            if (!signalled) {
                LockSupport.parkNanos(this, TICK_NS);
            }
            signalled = false;
            try {
                duty();
            } catch (NoSpaceException e) {
                if (withoutRoom == null) {
                    LOG.warn("The index on disk cannot be brought up to date before the disk has room again", e);
                }
                withoutRoom = e;
            } catch (Throwable e) {
                if (failure == null) {
                    LOG.error("The index on disk cannot be brought up to date; it is rebuilt at the next open", e);
                }
                failure = e;
            }
            rounds++;
            wakeWaiting();
        }
        end.writer().endPreparation();
    }

    private void duty() {
        prepareAhead();
        space.look();
        if (!thread.isStopped() && failure == null && flushIsDue()) {
            lastFlushNs = System.nanoTime();
            end.index().flush(this::pause);
            wakeWaiting();
            if (end.index().headsFileIsDue()) {
                publishHeads();
            }
            withoutRoom = null;
        }
        long today = System.currentTimeMillis() / DAY_MS;
        if (today != day) {
            day = today;
            end.askRoll();
        }
        if (end.clockJumps() != reportedJumps) {
            reportedJumps = end.clockJumps();
            LOG.warn("The wall clock jumped ahead and is not followed: byNs={}", end.lastClockJumpNs());
        }
    }

    private boolean flushIsDue() {
        if (withoutRoom != null && !end.index().isFull()) {
            return System.nanoTime() - lastFlushNs >= RETRY_NS;
        }
        long behind = end.index().behind();
        return behind >= flushEvents || end.index().isFull()
                || behind > 0 && flushIsDueAfter(System.nanoTime() - lastFlushNs, end.index().isHalfFull());
    }

    /** Not long where the table fills: when it is full, whoever appends has to wait. */
    static boolean flushIsDueAfter(long sinceNs, boolean isHalfFull) {
        return sinceNs >= (isHalfFull ? TICK_NS : FLUSH_NS);
    }

    /**
     * Between a few heads of a flush. It sleeps, so that where all cores have work none is taken away for longer than these heads take; so
     * long that the kernel fetches back what it had moved away (Linux does not for less than half a millisecond). Not if appends would have
     * to wait for the flush, nor if there would be much more to replay after a kill.
     */
    private void pause() {
        prepareAhead();
        if (!thread.isStopped() && !end.index().isHalfFull() && end.index().behind() / 2 < flushEvents) {
            LockSupport.parkNanos(this, PAUSE_NS);
        }
    }

    private void prepareAhead() {
        if (end.writer().preparationIsDue()) {
            long forces = end.forces();
            if (!end.writer().prepareAhead(forces - preparedForces)) {
                end.forceFailed(new IOException("Pages ahead of the journal's end could not be written"));
            }
            preparedForces = forces;
        }
    }

    private void publishHeads() {
        try {
            end.force(end.position(), Long.MAX_VALUE);
        } catch (IOException e) {
            throw new DaybookException("The journal could not be forced before heads were published", e);
        }
        end.index().publishHeads();
    }

    /** Wakes the thread when enough events came since the last flush, or the writer comes to pages that were not prepared. */
    void signalIfDue() {
        if (!signalled && (end.writer().preparationIsDue() || end.index().behind() >= flushEvents)) {
            signal();
        }
    }

    private void signal() {
        signalled = true;
        thread.wake();
    }

    /**
     * Waits until the table in memory has room for more dirty heads. Must not hold the store's lock.
     *
     * @throws NoSpaceException if the disk has no room for those that are there
     */
    void awaitRoom() {
        if (!end.index().isFull()) {
            return;
        }
        waiting.lock();
        try {
            long round = rounds + 1; // the one that is under way may have looked before there was room
            while (end.index().isFull() && !thread.isStopped()) {
                if (withoutRoom != null && rounds > round) {
                    throw new NoSpaceException(withoutRoom.getMessage());
                }
                if (failure != null) {
                    throw new DaybookException("The index on disk cannot be brought up to date, so memory has no room for more entities",
                            failure);
                }
                signal();
                flushed.awaitUninterruptibly();
            }
        } finally {
            waiting.unlock();
        }
    }

    private void wakeWaiting() {
        waiting.lock();
        try {
            flushed.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /** Stops the thread and waits for it. False if the index on disk could not be kept up to date. */
    boolean stop() {
        signalled = true;
        thread.stop();
        wakeWaiting();
        return failure == null;
    }
}
