package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallFileTest {

    @TempDir
    private Path folder;

    private Path write(long number) throws IOException {
        Path file = folder.resolve("small.dbk");
        SmallFile.write(file, SmallFile.content(20).putLong(number).putLong(-number));
        return file;
    }

    @Test
    void comesBackAsItWasWritten() throws IOException {
        ByteBuffer content = SmallFile.read(write(0x0102030405060708L));
        assertEquals(20, content.capacity());
        assertEquals(0x0102030405060708L, content.getLong());
        assertEquals(-0x0102030405060708L, content.getLong());
    }

    @Test
    void endsWithTheSumOfAllBefore() throws IOException {
        byte[] bytes = Files.readAllBytes(write(77));
        assertArrayEquals(new byte[] {77, 0, 0, 0, 0, 0, 0, 0}, Arrays.copyOf(bytes, 8));
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 16);
        assertEquals((int) crc.getValue(), ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(16));
    }

    @Test
    void isReplacedAsAWhole() throws IOException {
        write(1);
        Files.write(folder.resolve("small.dbk.tmp"), new byte[5000]);
        assertEquals(2, SmallFile.read(write(2)).getLong());
        assertEquals(20, Files.size(folder.resolve("small.dbk")));
        assertFalse(Files.exists(folder.resolve("small.dbk.tmp")));
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        Path file = write(123_456_789);
        byte[] bytes = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
            Files.write(file, bytes);
            assertNull(SmallFile.read(file), "bit=" + bit);
            bytes[bit >>> 3] ^= (byte) (1 << (bit & 7));
        }
    }

    @Test
    void everyOtherLengthIsFound() throws IOException {
        Path file = write(123_456_789);
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < 40; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertEquals(length == bytes.length, SmallFile.read(file) != null, "length=" + length);
        }
        Files.write(file, new byte[(8 << 20) + 1]);
        assertNull(SmallFile.read(file), "larger than any");
    }

    @Test
    void aMissingFileIsTold() {
        assertThrows(NoSuchFileException.class, () -> SmallFile.read(folder.resolve("missing")));
    }
}
