package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.DaybookException;
import io.daybook.JournalDamagedException;
import io.daybook.StoreSettings;
import io.daybook.UnsupportedFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

    private static final StoreSettings DEFAULT = StoreSettings.create();

    @TempDir
    private Path root;
    private JournalFolder folder;

    @BeforeEach
    void name() {
        folder = new JournalFolder(root);
    }

    @Test
    void comesBackAsItWasMade() throws IOException {
        JournalFile made = JournalFile.create(folder, StoreSettings.create().cycleBytes(3 << 20).maxPayloadBytes(777), 123);
        assertEquals(made, JournalFile.read(folder, DEFAULT));
        assertEquals(3 << 20, made.cycleBytes());
        assertEquals(777, made.maxPayloadBytes());
        assertEquals(123, made.createdNs());
        byte[] bytes = Files.readAllBytes(folder.journalFile());
        assertEquals(80, bytes.length);
        assertEquals("JDAYBOOK", new StringBuilder(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).toString());
    }

    @Test
    void settingsThatAreNotSetGetTheirDefaults() throws IOException {
        JournalFile made = JournalFile.create(folder, DEFAULT, 0);
        assertEquals(1 << 30, made.cycleBytes());
        assertEquals(1 << 20, made.maxPayloadBytes());
    }

    @Test
    void everyJournalHasItsOwnIdentityAndKey() throws IOException {
        JournalFile one = JournalFile.create(folder, DEFAULT, 0);
        JournalFile other = JournalFile.create(folder, DEFAULT, 0);
        assertNotEquals(one.identity(), other.identity());
        assertNotEquals(one.hashKeyHigh(), other.hashKeyHigh());
        assertNotEquals(one.hashKeyLow(), other.hashKeyLow());
    }

    @Test
    void otherSettingsThanAtCreationAreRefusedByName() throws IOException {
        JournalFile made = JournalFile.create(folder, StoreSettings.create().cycleBytes(3 << 20).maxPayloadBytes(777), 0);
        assertEquals(made, JournalFile.read(folder, StoreSettings.create().cycleBytes(3 << 20).maxPayloadBytes(777)));
        assertRefused(StoreSettings.create().cycleBytes(4 << 20), "setting=cycleBytes asked=4194304 created=3145728");
        assertRefused(StoreSettings.create().maxPayloadBytes(778), "setting=maxPayloadBytes asked=778 created=777");
    }

    private void assertRefused(StoreSettings settings, String part) {
        String message = assertThrows(UnsupportedFormatException.class, () -> JournalFile.read(folder, settings)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void aNewerFormatIsRefusedWhateverFollows() throws IOException {
        JournalFile.create(folder, DEFAULT, 0);
        ByteBuffer content = SmallFile.read(folder.journalFile()).putInt(8, 2);
        SmallFile.write(folder.journalFile(), content);
        assertRefused(DEFAULT, "another format: file=" + folder.journalFile() + " formatVersion=2 supported=1");
        Files.write(folder.journalFile(), Arrays.copyOf(content.array(), 5000));
        assertRefused(DEFAULT, "formatVersion=2");
        Files.write(folder.journalFile(), Arrays.copyOf(content.array(), 12));
        assertRefused(DEFAULT, "formatVersion=2");
    }

    @Test
    void whatIsNotAJournalIsRefused() throws IOException {
        assertRefused(DEFAULT, "holds no journal: folder=" + root);
        for (int length : new int[] {0, 3, 11, 12, 80}) {
            Files.write(folder.journalFile(), new byte[length]);
            assertRefused(DEFAULT, "not a journal's: file=" + folder.journalFile());
        }
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        JournalFile.create(folder, DEFAULT, 5);
        byte[] bytes = Files.readAllBytes(folder.journalFile());
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
            Files.write(folder.journalFile(), bytes);
            Class<? extends DaybookException> expected = bit < 8 * 12 ? UnsupportedFormatException.class : JournalDamagedException.class;
            assertThrows(expected, () -> JournalFile.read(folder, DEFAULT), "bit=" + bit);
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
        }
    }

    @Test
    void aTruncatedOrLongerFileIsDamaged() throws IOException {
        JournalFile.create(folder, DEFAULT, 5);
        byte[] bytes = Files.readAllBytes(folder.journalFile());
        for (int length : new int[] {12, 40, 79, 81}) {
            Files.write(folder.journalFile(), Arrays.copyOf(bytes, length));
            JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> JournalFile.read(folder, DEFAULT));
            assertEquals(folder.journalFile().toString(), e.file());
        }
        SmallFile.write(folder.journalFile(), ByteBuffer.wrap(Arrays.copyOf(bytes, 84)));
        assertThrows(JournalDamagedException.class, () -> JournalFile.read(folder, DEFAULT), "whole, but of another length");
    }
}
