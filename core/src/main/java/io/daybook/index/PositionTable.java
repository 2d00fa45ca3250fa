package io.daybook.index;

import io.daybook.envelope.Address;
import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
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
    private static final int WORDS = 3;
    private static final int PAGE_ENTRIES = 512;
    private static final int ENTRY_BYTES = 32;

    private volatile UnsafeBuffer[] chunks = new UnsafeBuffer[0];
    private volatile long count;
    private long newestPosition = -1;
    private long nextPosition;
    private int newestCycle;
    private final ByteBuffer page = ByteBuffer.allocate(PAGE_ENTRIES * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();

    /** Tells the table of the next commit. */
    public void add(long position, long timeNs, long documentAddress) {
        if (position >= nextPosition || position > newestPosition && Address.cycle(documentAddress) != newestCycle) {
            append(position, timeNs, documentAddress);
        }
    }

    private void append(long position, long timeNs, long documentAddress) {
        place(count, position, timeNs, documentAddress);
        publish(count + 1);
    }

    /** Readers see these entries. */
    private void publish(long entries) {
        newestPosition = word(entries - 1, 0);
        nextPosition = newestPosition + EVERY_EVENTS;
        newestCycle = Address.cycle(word(entries - 1, 2));
        count = entries;
    }

    private void place(long index, long position, long timeNs, long documentAddress) {
        int chunk = (int) (index / CHUNK_ENTRIES);
        if (chunk == chunks.length) {
            UnsafeBuffer[] more = Arrays.copyOf(chunks, chunk + 1);
            more[chunk] = new UnsafeBuffer(ByteBuffer.allocateDirect(CHUNK_ENTRIES * WORDS * Long.BYTES));
            chunks = more;
        }
        int at = byteOf(index, 0);
        chunks[chunk].putLong(at, position);
        chunks[chunk].putLong(at + Long.BYTES, timeNs);
        chunks[chunk].putLong(at + 2 * Long.BYTES, documentAddress);
    }

    private long word(long entry, int word) {
        return chunks[(int) (entry / CHUNK_ENTRIES)].getLong(byteOf(entry, word));
    }

    private static int byteOf(long entry, int word) {
        return ((int) (entry % CHUNK_ENTRIES) * WORDS + word) * Long.BYTES;
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

    /** Reads so many entries from the file, into an empty table; false if they are not there or not whole. */
    boolean load(Path file, long entries) throws IOException {
        if (!Files.exists(file) || entries < 0 || Files.size(file) / ENTRY_BYTES < entries) {
            return false;
        }
        long loaded = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (loaded < entries) {
                page.clear().limit((int) Math.min((entries - loaded) * ENTRY_BYTES, page.capacity()));
                while (page.hasRemaining() && channel.read(page) >= 0) {
                    continue;
                }
                if (page.hasRemaining()) {
                    return false; // somebody cuts it off meanwhile
                }
                for (int at = 0; at < page.position(); at += ENTRY_BYTES, loaded++) {
                    if (page.getInt(at + 24) != sum(at) || !canBe(loaded, page.getLong(at), page.getLong(at + 8), page.getLong(at + 16))) {
                        return false;
                    }
                    place(loaded, page.getLong(at), page.getLong(at + 8), page.getLong(at + 16));
                }
            }
        }
        if (entries > 0) {
            publish(entries); // once: a large journal has tens of thousands
        }
        return true;
    }

    /** True if such an entry can follow the one before: a search trusts their order. */
    private boolean canBe(long entry, long position, long timeNs, long documentAddress) {
        if (entry == 0) {
            return position == 0 && documentAddress > 0;
        }
        return position > word(entry - 1, 0) && timeNs >= word(entry - 1, 1) && documentAddress > word(entry - 1, 2);
    }

    /** Brings the file, which holds the first {@code saved} entries, up to {@code entries}. */
    void save(Path file, long saved, long entries, boolean force) throws IOException {
        try (FileChannel channel = OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (entries > saved) {
                Space.require(file, saved * ENTRY_BYTES, (entries - saved) * ENTRY_BYTES);
            }
            long at = saved;
            while (at < entries) {
                long from = at;
                page.clear();
                while (at < entries && page.hasRemaining()) {
                    int start = page.position();
                    page.putLong(word(at, 0)).putLong(word(at, 1)).putLong(word(at, 2)).putInt(sum(start)).putInt(0);
                    at++;
                }
                page.flip();
                channel.position(from * ENTRY_BYTES);
                while (page.hasRemaining()) {
                    channel.write(page);
                }
            }
            if (force) {
                channel.force(true);
            }
        }
    }

    private int sum(int at) {
        crc.reset();
        crc.update(page.array(), at, 24);
        return (int) crc.getValue();
    }
}
