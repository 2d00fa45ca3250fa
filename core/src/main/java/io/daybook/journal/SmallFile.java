package io.daybook.journal;

import io.daybook.host.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of a few hundred bytes that is replaced as a whole: written beside, forced, renamed, and the folder forced. Its last four bytes
 * are a CRC32C over all others. Internal: not part of the API.
 */
public final class SmallFile {

    private static final int MOST = 8 << 20;

    private SmallFile() {
    }

    /** An empty content of this length, little-endian, the sum included. */
    public static ByteBuffer content(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Replaces the file by this content; the sum is put into its last four bytes. */
    public static void write(Path file, ByteBuffer content) throws IOException {
        int summed = content.capacity() - Integer.BYTES;
        content.putInt(summed, sum(content.array(), summed));
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = OwnerOnly.open(beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            content.clear();
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        JournalFolder.force(file.toAbsolutePath().getParent());
    }

    /** The content if its sum is right, else null. */
    public static ByteBuffer read(Path file) throws IOException {
        long size = Files.size(file);
        if (size < Integer.BYTES || size > MOST) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int summed = bytes.length - Integer.BYTES;
        return bytes.length >= Integer.BYTES && content.getInt(summed) == sum(bytes, summed) ? content : null;
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
