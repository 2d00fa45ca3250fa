package io.daybook.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

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

    /** Waits for a task and answers what it did, or throws what it threw; what reads files may throw {@link UncheckedIOException}. */
    public static <T> T join(CompletableFuture<T> task) throws IOException {
        try {
            return task.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }
}
