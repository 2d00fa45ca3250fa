package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.daybook.JournalTest;
import io.daybook.Leaks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests start from that damage Chronicle's own bytes: a folder beside the one that is searched for mappings, since Chronicle leaves
 * one or two when it fails to open a file. Files and threads are looked for.
 */
abstract class DamagedFolderTest extends JournalTest {

    /** For everything that is damaged. */
    @TempDir
    protected Path damaged;

    @BeforeEach
    void chooseDamagedFolder() {
        folder = damaged.resolve("journal");
    }

    @AfterEach
    void leaveNoFileOpen() throws Exception {
        Leaks.assertNoThreads();
        assertEquals(List.of(), Leaks.openFiles(damaged.toRealPath()).stream().filter(file -> !file.contains("/queue/")).toList());
    }
}
