package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppendLockTest {

    private static final int THREADS = 6;
    private static final int TIMES = 100_000;

    private final AppendLock lock = new AppendLock();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private long guarded;
    private long guardedToo;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Both numbers are plain: they stay equal, and none is lost, only if one thread at a time is inside and sees what those before did. */
    @Test
    void oneThreadAtATimeIsInside() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            boolean sleepy = i == 0;
            all.add(threads.submit(() -> {
                for (int time = 0; time < TIMES; time++) {
                    lock.lock();
                    assertEquals(guarded, guardedToo);
                    guarded++;
                    if (sleepy && time % 1000 == 0) {
                        LockSupport.parkNanos(100_000); // so long that others go to sleep
                    }
                    guardedToo++;
                    lock.unlock();
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertEquals((long) THREADS * TIMES, guarded);
        assertTrue(lock.tryLock());
    }

    @Test
    void whoeverSleepsIsWoken() throws Exception {
        for (int time = 0; time < 200; time++) {
            lock.lock();
            Thread waiting = new Thread(() -> {
                lock.lock();
                lock.unlock();
            });
            waiting.start();
            awaitSleepOf(waiting);
            lock.unlock();
            waiting.join(60_000);
            assertFalse(waiting.isAlive());
        }
    }

    @Test
    void anInterruptIsKeptAndLetsNobodyIn() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        boolean[] interrupted = new boolean[1];
        lock.lock();
        Thread waiting = new Thread(() -> {
            lock.lock();
            interrupted[0] = Thread.currentThread().isInterrupted();
            in.countDown();
            lock.unlock();
        });
        waiting.start();
        awaitSleepOf(waiting);
        waiting.interrupt();
        assertFalse(in.await(50, TimeUnit.MILLISECONDS));
        lock.unlock();
        assertTrue(in.await(60, TimeUnit.SECONDS));
        waiting.join();
        assertTrue(interrupted[0]);
    }

    @Test
    void itIsNotGivenTwice() {
        assertTrue(lock.tryLock());
        assertFalse(lock.tryLock());
        lock.unlock();
        assertTrue(lock.tryLock());
    }

    private static void awaitSleepOf(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
