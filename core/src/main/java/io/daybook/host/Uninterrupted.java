package io.daybook.host;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Does I/O on a channel of its own although the thread was interrupted: Java closes the channel then, so the work is begun again, and
 * the mark of the interrupt is put back at the end. Internal: not part of the API.
 */
public final class Uninterrupted {

    /** Opens its channel itself, and may be begun again. */
    public interface Work<T> {
        /** Does it. */
        T run() throws IOException;
    }

    private Uninterrupted() {
    }

    /** Answers what the work answers. */
    public static <T> T call(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
