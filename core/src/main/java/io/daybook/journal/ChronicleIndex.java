package io.daybook.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.RollCycles;

/**
 * The addresses that Chronicle keeps in a cycle's file: in the description that of its index; behind the description a page of addresses
 * of pages, and these hold addresses of documents. Each page is a document of metadata whose data ends with the addresses. Chronicle goes
 * wherever an address points, and makes the file as long as that needs, which a changed bit may make terabytes; so they are looked
 * at first.
 */
final class ChronicleIndex {

    private static final int ENTRIES = RollCycles.FAST_DAILY.defaultIndexCount();
    private static final int ADDRESSES_LENGTH = ENTRIES * Long.BYTES;
    private static final int COUNTS_LENGTH = 2 * Long.BYTES;
    private static final int MOST_LENGTH = ADDRESSES_LENGTH + COUNTS_LENGTH + 48; // behind their name

    private final FileChannel file;
    private final long most;

    private ChronicleIndex(FileChannel file, long most) {
        this.file = file;
        this.most = most;
    }

    /**
     * Where the first address stands that cannot be right; -1 if there is none. {@code most}: no file is longer. The file may be shorter
     * than its addresses say: a stop of the machine may take its length, and any of its pages.
     */
    static long findDamage(Path cycleFile, long most) throws IOException {
        try (FileChannel file = FileChannel.open(cycleFile, StandardOpenOption.READ)) {
            if (!JournalFolder.hasFirstHeader(file)) {
                return -1;
            }
            return new ChronicleIndex(file, most).findDamage();
        }
    }

    private long findDamage() throws IOException {
        long first = endOf(0, ChronicleHeader.read(file, 0, Integer.BYTES).getInt(0));
        long index = ChronicleHeader.Field.INDEX.valueIn(file);
        return index == 0 || index == first ? findDamageBehind(first) : ChronicleHeader.Field.INDEX.valueAt;
    }

    private long findDamageBehind(long first) throws IOException {
        long addressesAt = addressesAt(first);
        if (addressesAt < 0) {
            return -1; // not there yet, or the description says another length: then Chronicle finds no index either
        }
        long count = findWrongCount(addressesAt);
        if (count >= 0) {
            return count;
        }
        ByteBuffer pages = ChronicleHeader.read(file, addressesAt, ADDRESSES_LENGTH);
        for (int i = 0; i < entriesIn(pages); i++) {
            long page = pages.getLong(i * Long.BYTES);
            long damage = page == 0 ? -1 : findDamageIn(page, addressesAt + (long) i * Long.BYTES);
            if (damage >= 0) {
                return damage;
            }
        }
        return -1;
    }

    private long findDamageIn(long page, long namedAt) throws IOException {
        if (page < 0 || page > most) {
            return namedAt;
        }
        long addressesAt = addressesAt(page);
        if (addressesAt < 0) {
            return isTaken(page) ? -1 : namedAt;
        }
        long count = findWrongCount(addressesAt);
        if (count >= 0) {
            return count;
        }
        ByteBuffer documents = ChronicleHeader.read(file, addressesAt, ADDRESSES_LENGTH);
        for (int i = 0; i < entriesIn(documents); i++) {
            long document = documents.getLong(i * Long.BYTES);
            if (document < 0 || document > most) {
                return addressesAt + (long) i * Long.BYTES;
            }
        }
        return -1;
    }

    /** A stop of the machine took the page, or its end; recovery may have put the file's end mark where it began. */
    private boolean isTaken(long page) throws IOException {
        ByteBuffer header = ChronicleHeader.read(file, page, Integer.BYTES);
        return header.remaining() < Integer.BYTES || header.getInt(0) == 0 || header.getInt(0) == DocumentScanner.END_OF_FILE
                || isPage(header.getInt(0));
    }

    /** Before the addresses stands how many there is room for, 0 if a stop of the machine took it, and how many are used. */
    private long findWrongCount(long addressesAt) throws IOException {
        ByteBuffer counts = ChronicleHeader.read(file, addressesAt - COUNTS_LENGTH, COUNTS_LENGTH);
        if (counts.remaining() < COUNTS_LENGTH) {
            return -1;
        }
        long room = counts.getLong(0);
        long used = counts.getLong(Long.BYTES);
        if (room != 0 && room != ENTRIES) {
            return addressesAt - COUNTS_LENGTH;
        }
        return used < 0 || used > ENTRIES ? addressesAt - Long.BYTES : -1;
    }

    /** The file may end in the middle of a page. */
    private static int entriesIn(ByteBuffer page) {
        return page.remaining() / Long.BYTES;
    }

    /** Where the addresses of a page begin; -1 if there is no page here. */
    private long addressesAt(long page) throws IOException {
        ByteBuffer header = ChronicleHeader.read(file, page, Integer.BYTES);
        if (header.remaining() < Integer.BYTES || !isPage(header.getInt(0))) {
            return -1;
        }
        return page + Integer.BYTES + (header.getInt(0) & DocumentScanner.LENGTH_MASK) - ADDRESSES_LENGTH;
    }

    private static boolean isPage(int header) {
        int length = header & DocumentScanner.LENGTH_MASK;
        return (header & DocumentScanner.END_OF_FILE) == DocumentScanner.METADATA && length > ADDRESSES_LENGTH + COUNTS_LENGTH
                && length <= MOST_LENGTH;
    }

    private static long endOf(long document, int header) {
        long end = document + Integer.BYTES + (header & DocumentScanner.LENGTH_MASK);
        return (end + Integer.BYTES - 1) / Integer.BYTES * Integer.BYTES;
    }
}
