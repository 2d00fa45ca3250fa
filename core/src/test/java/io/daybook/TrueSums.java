package io.daybook;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** What an enemy does, and no accident: changes bytes and then makes the sums over them right again. Where they stand is in FORMAT.md. */
public final class TrueSums {

    private static final int COMMIT_HEADER = 28;
    private static final int EVENT_HEADER = 42;

    private TrueSums() {
    }

    /** Makes all sums of a commit right, as far as the lengths in it lead. */
    public static byte[] ofCommit(byte[] commit) {
        ByteBuffer bytes = ByteBuffer.wrap(commit).order(ByteOrder.LITTLE_ENDIAN);
        if (commit.length < COMMIT_HEADER) {
            return commit;
        }
        int header = sum(commit, 4, COMMIT_HEADER - 4);
        CRC32C all = new CRC32C();
        all.update(commit, 4, COMMIT_HEADER - 4);
        int events = (bytes.getShort(26) & 0xFFFF) + 1;
        int offset = COMMIT_HEADER;
        for (int i = 0; i < events && commit.length - offset >= EVENT_HEADER; i++) {
            int length = bytes.getInt(offset + 4);
            if (length < EVENT_HEADER || length > commit.length - offset) {
                break;
            }
            CRC32C event = new CRC32C();
            event.update(commit, offset + EVENT_HEADER, length - EVENT_HEADER);
            event.update(commit, offset + 4, EVENT_HEADER - 4);
            bytes.putInt(offset, (int) event.getValue() ^ header);
            all.update(commit, offset, 4);
            offset += length;
        }
        bytes.putInt(0, (int) all.getValue());
        return commit;
    }

    /** Puts the sum of these bytes behind them. */
    public static void behind(byte[] bytes, int from, int length) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(from + length, sum(bytes, from, length));
    }

    /** Changes a byte of a record of a file that is followed by its sum. */
    public static void change(Path file, long offset, int length, int at, int bits) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] record = new byte[length + Integer.BYTES];
            access.seek(offset);
            access.readFully(record);
            record[at] ^= (byte) bits;
            behind(record, 0, length);
            access.seek(offset);
            access.write(record);
        }
    }

    /** CRC32C of these bytes. */
    public static int sum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
