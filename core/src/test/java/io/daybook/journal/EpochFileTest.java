package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.JournalDamagedException;
import io.daybook.journal.EpochFile.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochFileTest {

    @TempDir
    private Path root;
    private JournalFolder folder;

    @BeforeEach
    void name() {
        folder = new JournalFolder(root);
    }

    private static List<Epoch> epochs(int count) {
        List<Epoch> epochs = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            epochs.add(new Epoch(i, 1000L * (i - 1), 1_700_000_000_000_000_000L + i));
        }
        return epochs;
    }

    @Test
    void allEpochsComeBack() throws IOException {
        for (int count : new int[] {1, 2, 3, 65_535}) {
            EpochFile.write(folder, epochs(count));
            assertEquals(epochs(count), EpochFile.read(folder));
            assertEquals(16 + 24L * count + 4, Files.size(folder.epochFile()));
        }
    }

    @Test
    void aFlippedBitIsFound() throws IOException {
        EpochFile.write(folder, epochs(2));
        byte[] bytes = Files.readAllBytes(folder.epochFile());
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 0x40;
            Files.write(folder.epochFile(), bytes);
            JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> EpochFile.read(folder), "byte=" + i);
            assertEquals(folder.epochFile().toString(), e.file());
            bytes[i] ^= 0x40;
        }
    }

    @Test
    void aMissingFileIsDamageToo() {
        assertThrows(JournalDamagedException.class, () -> EpochFile.read(folder));
    }

    @Test
    void whatIsWholeButNotThisIsRefused() throws IOException {
        EpochFile.write(folder, epochs(2));
        ByteBuffer whole = SmallFile.read(folder.epochFile());
        assertRefused(whole.putLong(0, whole.getLong(0) + 1));
        assertRefused(whole.putLong(0, whole.getLong(0) - 1).putInt(8, 2));
        assertRefused(whole.putInt(8, 1).putInt(12, 0));
        assertRefused(whole.putInt(12, -1));
        assertRefused(whole.putInt(12, 1));
        assertRefused(whole.putInt(12, 3));
        SmallFile.write(folder.epochFile(), whole.putInt(12, 2));
        assertEquals(epochs(2), EpochFile.read(folder));
        assertRefused(SmallFile.content(20));
    }

    private void assertRefused(ByteBuffer content) throws IOException {
        SmallFile.write(folder.epochFile(), content);
        assertThrows(JournalDamagedException.class, () -> EpochFile.read(folder));
    }

    @Test
    void anEpochThatLostAllItsEventsBeginsNoLaterThanTheNext() {
        List<EpochFile.Epoch> before = List.of(new EpochFile.Epoch(1, 0, 5), new EpochFile.Epoch(2, 80, 6));
        assertEquals(List.of(new EpochFile.Epoch(1, 0, 5), new EpochFile.Epoch(2, 70, 6), new EpochFile.Epoch(3, 70, 7)),
            EpochFile.next(before, 70, 7));
        assertEquals(80, EpochFile.next(before, 90, 7).get(1).startPosition());
    }
}
