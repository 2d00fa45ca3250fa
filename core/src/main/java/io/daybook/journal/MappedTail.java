package io.daybook.journal;

import io.daybook.envelope.CommitDescriptor;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.queue.RollCycles;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory behind the newest document, where the next ones are written without asking Chronicle. Under the store's lock.
 *
 * <p>Chronicle takes a lock between processes for each document, looks for the end of the file, and numbers the document. All that is
 * known here, because nobody else writes. Chronicle is asked for the documents that its index names, one in 256: it then passes over and
 * counts those before, as it does when another process has written them. Nothing of a document is visible until its header, the last to
 * be written, is not 0.
 */
final class MappedTail {

    private static final int INDEX_SPACING = RollCycles.FAST_DAILY.defaultIndexSpacing();
    private static final long MOST_BYTES = 64 << 20; // Chronicle's own idea of the end must not be older than its mapping

    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private long start;
    private long safeLimit;
    private long limit;
    private int left;
    private boolean held;

    /**
     * The data of the next document, whose header lies at this offset, lies in this memory of Chronicle's. The header lies in the memory
     * before it if it is the last word there.
     */
    void map(MappedBytesStore mapped, long offset) {
        if (!mapped.inside(offset + DocumentScanner.HEADER_LENGTH)) {
            throw new IllegalStateException("Chronicle answered with memory of another place: offset=" + offset
                    + " start=" + mapped.start());
        }
        long address = mapped.addressForWrite(mapped.start());
        if (mapped.start() != start || address != memory.addressOffset()) {
            start = mapped.start();
            safeLimit = mapped.safeLimit();
            memory.wrap(address, (int) (mapped.writeLimit() - start));
        }
    }

    /**
     * Chronicle wrote the document with this number. Answers where the next one begins: Chronicle may have written a page of its index
     * behind the document. If the header lay in the memory before, Chronicle has gone back there and may have let go of this.
     */
    long follow(long number, long headerOffset, int length) {
        long endOffset = headerOffset + DocumentScanner.HEADER_LENGTH + length;
        long offset = endOffset;
        while (headerOffset >= start && offset < safeLimit) {
            int header = memory.getIntVolatile((int) (offset - start));
            if ((header & DocumentScanner.METADATA) == 0) { // 0, or a changed bit
                held = true;
                left = INDEX_SPACING - 1 - (int) (number % INDEX_SPACING);
                limit = Math.min(safeLimit, offset + MOST_BYTES);
                return offset;
            }
            if ((header & DocumentScanner.END_OF_FILE) != DocumentScanner.METADATA) {
                break;
            }
            offset += DocumentScanner.HEADER_LENGTH + CommitDescriptor.aligned(header & DocumentScanner.LENGTH_MASK);
        }
        return endOffset; // Chronicle finds the place
    }

    /** Chronicle must write the next document, and may let go of this memory. */
    void end() {
        left = 0;
        held = false;
    }

    /**
     * True if the next document may be written here, at this offset. Not if something of Chronicle's stands there: that Chronicle must pass
     * over. Anything else was written by nobody, and is written over.
     */
    boolean takes(long offset) {
        return left > 0 && offset < limit && (memory.getInt((int) (offset - start)) & DocumentScanner.METADATA) == 0;
    }

    /**
     * Makes it 0 where the journal ends: Chronicle would pass over a changed bit as over a document. Answers false if this memory does not
     * reach there.
     */
    boolean clearEnd(long offset) {
        long index = offset - start;
        if (!held || index < 0 || index + DocumentScanner.HEADER_LENGTH > memory.capacity()) {
            return false;
        }
        if (FileEnd.isChanged(memory.getInt((int) index))) {
            memory.putInt((int) index, 0);
        }
        return true;
    }

    /** Copies the bytes of a document whose header lies at this offset. */
    void write(long offset, byte[] bytes, int length) {
        memory.putBytes((int) (offset - start) + DocumentScanner.HEADER_LENGTH, bytes, 0, length);
    }

    /** Leaves no trace of a document that was not made visible. */
    void clear(long offset, int length) {
        memory.setMemory((int) (offset - start) + DocumentScanner.HEADER_LENGTH, length, (byte) 0);
    }

    /** Makes the document visible. */
    void publish(long offset, int length) {
        left--;
        memory.putIntRelease((int) (offset - start), length);
    }
}
