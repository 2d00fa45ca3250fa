package io.daybook.journal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Does I/O on a channel of its own although the thread was interrupted: Java closes the channel then, so the work is begun again, and
 * the mark of the interrupt is put back at the end. Internal: not part of the API.
 */
final class Uninterrupted {

    /** Opens its channel itself, and may be begun again. */
    interface Work<T> {
        T run() throws IOException;
    }

    private Uninterrupted() {
    }

    static <T> T call(Work<T> work) throws IOException {
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
