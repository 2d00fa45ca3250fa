package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Host;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.UnsupportedFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** File systems on which two mappings of one file need not show the same bytes. */
class FileSystemTest extends JournalTest {

    /** There a file that is opened for writing is another one than the one that readers have mapped. */
    @Test
    void aJournalOnOverlayfsIsRefused() throws Exception {
        Host.requireRootAnd("aJournalOnOverlayfsIsRefused", "mount", "umount");
        Path lower = Files.createDirectory(temp.resolve("lower"));
        EventStore.open(lower.resolve("journal"), small()).close();
        Path upper = Files.createDirectory(temp.resolve("upper"));
        Path merged = Files.createDirectory(temp.resolve("merged"));
        String layers = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + Files.createDirectory(temp.resolve("work"));
        Host.require(Host.run("mount", "-t", "overlay", "-o", layers, "overlay", merged.toString()) == 0, "aJournalOnOverlayfsIsRefused",
            "overlayfs cannot be mounted here");
        try {
            for (Path journal : List.of(merged.resolve("new"), merged.resolve("journal"))) {
                UnsupportedFormatException refused = assertThrows(UnsupportedFormatException.class,
                    () -> EventStore.open(journal, small()).close());
                assertTrue(refused.getMessage().contains("folder=" + journal + " fileSystem=overlay"), refused.getMessage());
            }
            assertThrows(UnsupportedFormatException.class, () -> EventStore.openReadOnly(merged.resolve("journal"), small()).close());
            assertEquals(List.of(), JournalFiles.files(merged.resolve("new")));
            assertFalse(Files.exists(upper.resolve("journal")), "nothing was written");
        } finally {
            Host.mustRun("umount", "-l", merged.toString());
        }
        try (EventStore store = EventStore.open(lower.resolve("journal"), small())) {
            store.append("a", Expected.absent(), Events.event("Happened", "where it was made"));
        }
    }
}
