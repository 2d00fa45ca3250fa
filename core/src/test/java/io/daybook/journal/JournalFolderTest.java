package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFolderTest {

    @TempDir
    private Path root;

    @Test
    void aCycleHasTheNameOfItsDay() {
        JournalFolder folder = new JournalFolder(root);
        assertEquals("19700101F.cq4", folder.cycleFile(0).getFileName().toString());
        assertEquals("19700102F.cq4", folder.cycleFile(1).getFileName().toString());
        assertEquals("19701231F.cq4", folder.cycleFile(364).getFileName().toString());
        assertEquals("20000229F.cq4", folder.cycleFile(11_016).getFileName().toString());
        assertEquals("99991231F.cq4", folder.cycleFile(JournalFolder.LAST_CYCLE).getFileName().toString());
    }

    @Test
    void listsTheCyclesInOrderAndNothingElse() throws IOException {
        JournalFolder folder = new JournalFolder(root);
        assertArrayEquals(new int[0], folder.cycles());
        Files.createDirectories(folder.queue());
        assertArrayEquals(new int[0], folder.cycles());
        for (int cycle : new int[] {400, 3, 0, 17, JournalFolder.LAST_CYCLE}) {
            Files.createFile(folder.cycleFile(cycle));
        }
        for (String other : new String[] {"metadata.cq4t", "x.cq4", "19700101F.cq4.tmp", "19700140F.cq4", ".cq4", "19700101F"}) {
            Files.createFile(folder.queue().resolve(other));
        }
        assertArrayEquals(new int[] {0, 3, 17, 400, JournalFolder.LAST_CYCLE}, folder.cycles());
    }

    @Test
    void everythingLiesInTheFolder() throws IOException {
        JournalFolder folder = new JournalFolder(root);
        for (Path path : new Path[] {folder.journalFile(), folder.epochFile(), folder.stateFile(), folder.ownerLock(), folder.ownerPid(),
            folder.queue(), folder.index(), folder.setAside()}) {
            assertEquals(root, path.getParent());
        }
        JournalFolder.force(root);
    }
}
