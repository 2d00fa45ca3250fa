package io.daybook.index;

import io.daybook.envelope.Address;
import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import io.daybook.host.ThreadPerTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds positions and times: position, time and address of the first commit of each journal file and of a commit at least every 1,024
 * events. A search takes the last entry before what is wanted; from there at most 1,024 commits are scanned. Which commits get an entry
 * follows from the journal alone, so a rebuilt table equals the one that was lost.
 *
 * <p>One writer (under the store's lock, or the replay), any number of readers; one thread saves. Entries lie outside the heap: an append
 * makes no garbage, and none that stays either. Internal: not part of the API.
 */
public final class PositionTable {

    private static final int EVERY_EVENTS = 1024;
    private static final int CHUNK_ENTRIES = 4096;
    private static final int ENTRY_BYTES = 32;
    private static final int ENTRY_WORDS = ENTRY_BYTES / Long.BYTES;
    private static final int POSITION = 0;
    private static final int TIME = 8;
    private static final int ADDRESS = 16;
    private static final int SUM = 24;

    private volatile UnsafeBuffer[] chunks = new UnsafeBuffer[0]; // as in the file
    private volatile long count;
    private long newestPosition = -1;
    private long nextPosition;
    private int newestCycle;
    private final ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();

    /** Tells the table of the next commit. */
    public void add(long position, long timeNs, long documentAddress) {
        if (position >= nextPosition || position > newestPosition && Address.cycle(documentAddress) != newestCycle) {
            append(position, timeNs, documentAddress);
        }
    }

    private void append(long position, long timeNs, long documentAddress) {
        entry.putLong(POSITION, position).putLong(TIME, timeNs).putLong(ADDRESS, documentAddress).putInt(SUM, sum(entry.array(), 0));
        long index = count;
        chunk(index).putBytes(byteOf(index), entry.array());
        publish(index + 1);
    }

    /** Readers see so many entries. */
    private void publish(long entries) {
        newestPosition = word(entries - 1, POSITION);
        nextPosition = newestPosition + EVERY_EVENTS;
        newestCycle = Address.cycle(word(entries - 1, ADDRESS));
        count = entries;
    }

    /** Where an entry lies, which may be the first of a new chunk. */
    private UnsafeBuffer chunk(long index) {
        int chunk = (int) (index / CHUNK_ENTRIES);
        if (chunk == chunks.length) {
            UnsafeBuffer[] more = Arrays.copyOf(chunks, chunk + 1);
            more[chunk] = new UnsafeBuffer(ByteBuffer.allocateDirect(CHUNK_ENTRIES * ENTRY_BYTES));
            chunks = more;
        }
        return chunks[chunk];
    }

    private long word(long index, int offset) {
        return chunks[(int) (index / CHUNK_ENTRIES)].getLong(byteOf(index) + offset, ByteOrder.LITTLE_ENDIAN);
    }

    private static int byteOf(long index) {
        return (int) (index % CHUNK_ENTRIES) * ENTRY_BYTES;
    }

    private int sum(byte[] bytes, int at) {
        crc.reset();
        crc.update(bytes, at, SUM);
        return (int) crc.getValue();
    }

    /** Number of entries. */
    public long entries() {
        return count;
    }

    /** Position of an entry's commit. */
    public long position(long entry) {
        return word(entry, POSITION);
    }

    /** Address of the document of an entry's commit. */
    public long address(long entry) {
        return word(entry, ADDRESS);
    }

    /** The last entry whose commit begins at or before this position; -1 if there is none. */
    public long findPosition(long position) {
        return find(POSITION, position);
    }

    /** The last entry whose commit is earlier than this time; -1 if there is none. */
    public long findBeforeTime(long timeNs) {
        return timeNs == Long.MIN_VALUE ? -1 : find(TIME, timeNs - 1);
    }

    private long find(int offset, long most) {
        long low = 0;
        long high = count - 1;
        while (low <= high) {
            long middle = low + high >>> 1;
            if (word(middle, offset) <= most) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Number of entries before this position. */
    long entriesBefore(long position) {
        return find(POSITION, position - 1) + 1;
    }

    /**
     * {@link #load} into a table of its own, beside the caller where it takes long: a journal of fifty million events has a megabyte and a
     * half, two milliseconds of an open. Null is what comes if it cannot be loaded.
     */
    static CompletableFuture<PositionTable> loading(Path file, long entries, ThreadFactory threads) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                PositionTable table = new PositionTable();
                return table.load(file, entries) ? table : null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, entries <= CHUNK_ENTRIES ? Runnable::run : new ThreadPerTask(threads, "daybook-positions"));
    }

    /** Reads so many entries from the file, into an empty table; false, and it is still empty, if they are not there or not whole. */
    boolean load(Path file, long entries) throws IOException {
        if (!Files.exists(file) || entries < 0 || Files.size(file) / ENTRY_BYTES < entries) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            LoadCheck check = new LoadCheck();
            for (long from = 0; from < entries; from += CHUNK_ENTRIES) {
                ByteBuffer bytes = bytes(from, Math.min(entries, from + CHUNK_ENTRIES));
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    continue;
                }
                if (bytes.hasRemaining() || !check.accepts(bytes.flip())) { // the first: somebody cuts it off meanwhile
                    return false;
                }
            }
        }
        if (entries > 0) {
            publish(entries);
        }
        return true;
    }

    /** Some entries of one chunk. */
    private ByteBuffer bytes(long from, long to) {
        ByteBuffer bytes = chunk(from).byteBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return bytes.limit(byteOf(to - 1) + ENTRY_BYTES).position(byteOf(from));
    }

    /**
     * Looks at what was read, in arrays: the first open of a JVM has not compiled anything, and a large journal has tens of thousands of
     * entries.
     */
    private final class LoadCheck {
        private final byte[] bytes = new byte[CHUNK_ENTRIES * ENTRY_BYTES];
        private final long[] words = new long[CHUNK_ENTRIES * ENTRY_WORDS];
        private long position = -1;
        private long timeNs = Long.MIN_VALUE;
        private long address;

        /** True if each entry's sum is right, and each can follow the one before: a search trusts their order. */
        boolean accepts(ByteBuffer read) {
            int length = read.remaining();
            read.get(read.position(), bytes, 0, length).asLongBuffer().get(words, 0, length / Long.BYTES);
            if (position < 0 && words[0] != 0) {
                return false;
            }
            for (int at = 0, word = 0; at < length; at += ENTRY_BYTES, word += ENTRY_WORDS) {
                long nextPosition = words[word + POSITION / Long.BYTES];
                long nextTimeNs = words[word + TIME / Long.BYTES];
                long nextAddress = words[word + ADDRESS / Long.BYTES];
                if ((int) words[word + SUM / Long.BYTES] != sum(bytes, at) || nextPosition <= position || nextTimeNs < timeNs
                        || nextAddress <= address) {
                    return false;
                }
                position = nextPosition;
                timeNs = nextTimeNs;
                address = nextAddress;
            }
            return true;
        }
    }

    /** Brings the file, which holds the first {@code saved} entries, up to {@code entries}. */
    void save(Path file, long saved, long entries, boolean force) throws IOException {
        try (FileChannel channel = OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (entries > saved) {
                Space.require(file, saved * ENTRY_BYTES, (entries - saved) * ENTRY_BYTES);
            }
            channel.position(saved * ENTRY_BYTES);
            long to;
            for (long from = saved; from < entries; from = to) {
                to = Math.min(entries, (from / CHUNK_ENTRIES + 1) * CHUNK_ENTRIES);
                ByteBuffer bytes = bytes(from, to);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            if (force) {
                channel.force(true);
            }
        }
    }
}
