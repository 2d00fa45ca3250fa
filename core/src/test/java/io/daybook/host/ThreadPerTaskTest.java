package io.daybook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ThreadPerTaskTest {

    private static <T> T run(ThreadFactory factory, Supplier<T> task) throws IOException {
        return ThreadPerTask.join(CompletableFuture.supplyAsync(task, new ThreadPerTask(factory, "daybook-test")));
    }

    @Test
    void aTaskHasANamedThreadOfTheFactory() throws IOException {
        Thread[] made = new Thread[1];
        Thread ran = run(work -> made[0] = new Thread(work), Thread::currentThread);
        assertSame(made[0], ran);
        assertEquals("daybook-test", ran.getName());
    }

    @Test
    void theCallerDoesItWhereThereIsNoThread() throws IOException {
        assertSame(Thread.currentThread(), run(work -> null, Thread::currentThread));
        assertSame(Thread.currentThread(), run(work -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, Thread::currentThread));
    }

    @Test
    void whatATaskThrowsIsWhatTheCallerGets() {
        IOException io = new IOException("device");
        IllegalStateException state = new IllegalStateException("state");
        StackOverflowError error = new StackOverflowError();
        assertSame(io, assertThrows(IOException.class, () -> run(Thread::new, () -> {
            throw new UncheckedIOException(io);
        })));
        assertSame(state, assertThrows(IllegalStateException.class, () -> run(Thread::new, () -> {
            throw state;
        })));
        assertSame(error, assertThrows(StackOverflowError.class, () -> run(Thread::new, () -> {
            throw error;
        })));
    }

    @Test
    void eachPieceIsDoneOnceAndAllAreDone() throws IOException {
        for (int pieces : new int[] {0, 1, 2, 1000}) {
            AtomicIntegerArray done = new AtomicIntegerArray(pieces);
            new ThreadPerTask(Thread::new, "daybook-test").forEach(pieces, done::incrementAndGet);
            for (int i = 0; i < pieces; i++) {
                assertEquals(1, done.get(i), "piece=" + i);
            }
        }
    }

    @Test
    void afterAPieceThatFailedNoneIsBegun() {
        AtomicInteger begun = new AtomicInteger();
        IOException io = new IOException("device");
        assertSame(io, assertThrows(IOException.class, () -> new ThreadPerTask(work -> null, "daybook-test").forEach(1000, piece -> {
            begun.incrementAndGet();
            throw new UncheckedIOException(io);
        })));
        assertEquals(1, begun.get(), "without threads the caller does all");
    }

    /** Whoever throws while somebody else is at a piece still waits for it: it may be reading what the caller lets go of. */
    @Test
    @Timeout(60)
    void noPieceIsUnderWayWhenItThrows() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch thrown = new CountDownLatch(1);
        AtomicInteger underWay = new AtomicInteger();
        ThreadFactory startsItItself = work -> {
            Thread thread = new Thread(work);
            thread.start();
            await(begun);
            thrown.countDown();
            return thread; // to start it a second time fails
        };
        assertThrows(IllegalThreadStateException.class, () -> new ThreadPerTask(startsItItself, "daybook-test").forEach(100, piece -> {
            underWay.incrementAndGet();
            begun.countDown();
            await(thrown);
            underWay.decrementAndGet();
        }));
        assertEquals(0, underWay.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
