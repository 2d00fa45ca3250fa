package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.JournalTest;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ForceAheadTest extends JournalTest {

    private static final HowItWasLeft KILLED = new HowItWasLeft(null, false, false, false, 0, 0);
    private static final HowItWasLeft STOPPED = new HowItWasLeft(null, false, false, true, 0, 0);
    private static final HowItWasLeft CLOSED = new HowItWasLeft(null, false, true, false, 0, 0);

    private final AtomicInteger threads = new AtomicInteger();

    private ForceAhead begin(HowItWasLeft left) {
        return ForceAhead.begin(new JournalFolder(folder), left, work -> {
            threads.incrementAndGet();
            return new Thread(work);
        });
    }

    private Path cycle(int number) throws IOException {
        Path file = new JournalFolder(folder).cycleFile(number);
        Files.createDirectories(file.getParent());
        return file;
    }

    @Test
    void forcesNothingButWhatAKilledOwnerLeft() throws IOException {
        Files.write(cycle(1), new byte[10]);
        begin(CLOSED).close();
        begin(STOPPED).close();
        assertEquals(0, threads.get());
        begin(KILLED).close();
        assertEquals(1, threads.get());
    }

    @Test
    void aJournalWithoutAFileIsNoFailure() {
        assertDoesNotThrow(() -> begin(KILLED).close());
    }

    /** The device tells of a failure once: the open must not go on. */
    @Test
    void whatCouldNotBeForcedFailsTheOpen() throws IOException {
        for (int number = 1; number <= 3; number++) {
            Files.write(cycle(number), new byte[10]);
        }
        Files.delete(cycle(2));
        Files.createSymbolicLink(cycle(2), folder.resolve("nothing"));
        assertThrows(NoSuchFileException.class, () -> begin(KILLED).close());
    }
}
