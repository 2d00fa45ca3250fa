package io.daybook.index;

import io.daybook.envelope.Address;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Finds positions and times: position, time and address of the first commit of each journal file and of a commit at least every 1,024
 * events. A search takes the last entry before what is wanted; from there at most 1,024 commits are scanned. Which commits get an entry
 * follows from the journal alone, so a rebuilt table equals the one that was lost.
 *
 * <p>One writer (under the store's lock, or the replay), any number of readers. Internal: not part of the API.
 */
public final class PositionTable {

    private static final int EVERY_EVENTS = 1024;
    private static final int CHUNK_ENTRIES = 4096;
    private static final int WORDS = 3;
    private static final int ENTRY_BYTES = 32;

    private volatile long[][] chunks = new long[0][];
    private volatile long count;

    /** Tells the table of the next commit. */
    public void add(long position, long timeNs, long documentAddress) {
        long last = count - 1;
        if (last >= 0 && (position - word(last, 0) < EVERY_EVENTS && Address.cycle(documentAddress) == Address.cycle(word(last, 2))
                || position <= word(last, 0))) {
            return;
        }
        append(position, timeNs, documentAddress);
    }

    private void append(long position, long timeNs, long documentAddress) {
        long index = count;
        int chunk = (int) (index / CHUNK_ENTRIES);
        if (chunk == chunks.length) {
            long[][] more = Arrays.copyOf(chunks, chunk + 1);
            more[chunk] = new long[CHUNK_ENTRIES * WORDS];
            chunks = more;
        }
        int at = (int) (index % CHUNK_ENTRIES) * WORDS;
        chunks[chunk][at] = position;
        chunks[chunk][at + 1] = timeNs;
        chunks[chunk][at + 2] = documentAddress;
        count = index + 1;
    }

    private long word(long entry, int word) {
        return chunks[(int) (entry / CHUNK_ENTRIES)][(int) (entry % CHUNK_ENTRIES) * WORDS + word];
    }

    /** Number of entries. */
    public long entries() {
        return count;
    }

    /** Position of an entry's commit. */
    public long position(long entry) {
        return word(entry, 0);
    }

    /** Address of the document of an entry's commit. */
    public long address(long entry) {
        return word(entry, 2);
    }

    /** The last entry whose commit begins at or before this position; -1 if there is none. */
    public long findPosition(long position) {
        return find(0, position);
    }

    /** The last entry whose commit is earlier than this time; -1 if there is none. */
    public long findBeforeTime(long timeNs) {
        return timeNs == Long.MIN_VALUE ? -1 : find(1, timeNs - 1);
    }

    private long find(int word, long most) {
        long low = 0;
        long high = count - 1;
        while (low <= high) {
            long middle = low + high >>> 1;
            if (word(middle, word) <= most) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Number of entries before this position. */
    long entriesBefore(long position) {
        return find(0, position - 1) + 1;
    }

    /** Reads so many entries from the file; false if they are not there or not whole. */
    boolean load(Path file, long entries) throws IOException {
        if (!Files.exists(file) || Files.size(file) < entries * ENTRY_BYTES) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK_ENTRIES * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long left = entries;
            while (left > 0) {
                bytes.clear().limit((int) Math.min(left * ENTRY_BYTES, bytes.capacity()));
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    continue;
                }
                for (int at = 0; at < bytes.position(); at += ENTRY_BYTES) {
                    if (bytes.getInt(at + 24) != sum(bytes, at)) {
                        return false;
                    }
                    append(bytes.getLong(at), bytes.getLong(at + 8), bytes.getLong(at + 16));
                    left--;
                }
            }
        }
        return true;
    }

    /** Brings the file, which holds the first {@code saved} entries, up to {@code entries}. */
    void save(Path file, long saved, long entries, boolean force) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK_ENTRIES * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long at = saved;
            while (at < entries) {
                long from = at;
                bytes.clear();
                while (at < entries && bytes.hasRemaining()) {
                    int start = bytes.position();
                    bytes.putLong(word(at, 0)).putLong(word(at, 1)).putLong(word(at, 2)).putInt(sum(bytes, start)).putInt(0);
                    at++;
                }
                bytes.flip();
                channel.position(from * ENTRY_BYTES);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            if (force) {
                channel.force(true);
            }
        }
    }

    private static int sum(ByteBuffer bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), at, 24);
        return (int) crc.getValue();
    }
}
