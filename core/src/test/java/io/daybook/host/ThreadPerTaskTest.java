package io.daybook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

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
}
