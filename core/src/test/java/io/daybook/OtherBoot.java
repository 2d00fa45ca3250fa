package io.daybook;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Makes whoever opens a journal find himself on another start of the machine: no boot id in its files is the running one. Where they stand
 * is drawn in FORMAT.md.
 */
public final class OtherBoot {

    private OtherBoot() {
    }

    /** Writes another boot id into the files of this folder, which nobody has open. */
    public static void writeInto(Path folder) throws IOException {
        changeSummed(folder.resolve("state.dbk"), 64, 0, 48);
        Path watermark = folder.resolve("index/watermark.dbk");
        if (Files.exists(watermark)) {
            changeSummed(watermark, 512, 24, 120);
            changeSummed(watermark, 1_024, 24, 120);
        }
    }

    /** Changes a byte of a record that is followed by the CRC32C of its bytes. */
    private static void changeSummed(Path file, long offset, int changed, int length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] record = new byte[length];
            access.seek(offset);
            access.readFully(record);
            record[changed] += 2; // not back to what it was when it is done again
            CRC32C crc = new CRC32C();
            crc.update(record);
            access.seek(offset);
            access.write(record);
            access.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).array());
        }
    }
}
