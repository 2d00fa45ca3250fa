package io.daybook.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Chronicle's table of a queue, {@code metadata.cq4t}: a description of the queue, which overrides what is asked for when it is opened, and
 * eight named values. All but the values is the same in every journal; a digest of it tells a table that may be given to Chronicle from
 * one that is unfinished, damaged or forged, with which it would wait for seconds, count cycles from another epoch, or load a class that
 * is named there.
 */
final class ChronicleTable {

    private static final int LENGTH = 0x1F0;
    private static final int[] VALUES = {0xB8, 0xE0, 0x100, 0x128, 0x150, 0x180, 0x1B8, 0x1E8};
    private static final String SHA_256 = "1543b88f1fa6b12f708b1e27822a157f32ac83a0f8ba21ae9e8782320b43948a";

    private ChronicleTable() {
    }

    /** Whether it says what this version of Chronicle writes for a journal of ours, whatever its values. */
    static boolean isWellFormed(Path file) throws IOException {
        ByteBuffer table = ByteBuffer.allocate(LENGTH);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (table.hasRemaining() && channel.read(table, table.position()) >= 0) {
                continue;
            }
        }
        for (int value : VALUES) {
            table.putLong(value, 0);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(table.array());
            return HexFormat.of().formatHex(digest).equals(SHA_256);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has it", e);
        }
    }
}
