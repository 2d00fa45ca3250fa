package io.daybook.journal;

import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.metrics.FlightEvents;
import io.daybook.metrics.RollEvent;
import java.io.IOException;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * The one appender behind the store's lock. A commit is one Chronicle document: {@link #open(int)}, {@link #write}, then {@link
 * #publish()} or {@link #abandon()}. Only the thread that holds the store's lock may call. Internal: not part of the API.
 *
 * <p>Most documents are written past Chronicle, into its memory: {@link MappedTail}. Chronicle does what changes files and index.
 *
 * <p>Design note: the number of the cycle is a counter of ours, handed to Chronicle as its time, so no clock moves it.
 */
public final class JournalWriter implements AutoCloseable {

    private static final long DAY_MS = 86_400_000;

    private final JournalFolder folder;
    private final long cycleBytes;
    private final Counter counter;
    private final Room room;
    private final PageToucher toucher;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final MappedTail tail = new MappedTail();
    private volatile boolean rollAsked;
    private DocumentContext document;
    private Bytes<?> bytes;
    private int length;
    private boolean following;
    private long number;
    private boolean dirty;
    private boolean interrupted;
    private int cycle;
    private long headerOffset;
    private long nextOffset;
    private RollEvent rolled;

    private JournalWriter(JournalFolder folder, long cycleBytes, Counter counter, QueueOpening.Opened opened, long endAddress) {
        this.folder = folder;
        this.cycleBytes = cycleBytes;
        room = new Room(folder, cycleBytes);
        toucher = new PageToucher(room, cycleBytes);
        this.counter = counter;
        queue = opened.queue();
        appender = opened.appender();
        appender.singleThreadedCheckDisabled(true);
        cycle = Address.cycle(endAddress);
        nextOffset = Address.offset(endAddress);
    }

    /**
     * Opens the queue so that the next document goes into the cycle of {@code endAddress}, where it must belong behind all others.
     *
     * @throws io.daybook.JournalDamagedException if Chronicle's part of the newest file is damaged
     * @throws io.daybook.NoSpaceException        if the disk has no room for Chronicle's own table
     */
    public static JournalWriter open(JournalFolder folder, long cycleBytes, long endAddress) throws IOException {
        Counter counter = new Counter(Address.cycle(endAddress));
        QueueOpening.Opened opened = new QueueOpening(folder, counter, cycleBytes).open(endAddress);
        return new JournalWriter(folder, cycleBytes, counter, opened, endAddress);
    }

    /**
     * Begins a document, in the next cycle if this one would grow beyond its size or a roll was asked for. Answers the address of its data.
     *
     * @throws io.daybook.NoSpaceException if the disk has no room for it
     */
    public long open(int commitLength) {
        length = commitLength;
        boolean roll = nextOffset > 0 && (rollAsked || nextOffset + DocumentScanner.HEADER_LENGTH + length > cycleBytes);
        if (roll && cycle == JournalFolder.LAST_CYCLE) {
            throw new IllegalStateException("The journal has as many files as a journal can have: cycle=" + cycle);
        }
        if (roll || nextOffset == 0) {
            room.requireForNewFile(roll ? cycle + 1 : cycle, length);
        } else {
            room.require(cycle, nextOffset, length);
        }
        if (roll || !tail.takes(nextOffset)) {
            openThroughChronicle(roll);
        } else {
            headerOffset = nextOffset;
        }
        return Address.of(cycle, headerOffset + DocumentScanner.HEADER_LENGTH);
    }

    /** Whether the document that was opened lies in the file in which it should. */
    public boolean isWhereAsked() {
        return cycle == counter.cycle;
    }

    private void openThroughChronicle(boolean roll) {
        RollEvent event = roll ? FlightEvents.beginRoll() : null;
        long endBefore = nextOffset;
        interrupted = Thread.interrupted(); // Chronicle would close its file for everybody
        if (!tail.clearEnd(nextOffset)) {
            clearEnd();
        }
        tail.end();
        if (roll) {
            nextCycle();
        }
        document = appender.writingDocument();
        bytes = document.wire().bytes();
        if (cycle != appender.cycle() || !following) {
            follow();
        }
        headerOffset = bytes.writePosition() - DocumentScanner.HEADER_LENGTH;
        nextOffset = headerOffset;
        room.require(cycle, headerOffset, length);
        number = RollCycles.FAST_DAILY.toSequenceNumber(document.index());
        tail.map((MappedBytesStore) (BytesStore<?, ?>) bytes.bytesStore(), headerOffset);
        endRoll(event, endBefore);
    }

    private void endRoll(RollEvent event, long endBefore) {
        if (event != null) {
            event.end();
            event.journal = journal();
            event.file = folder.cycleFile(cycle).getFileName().toString();
            event.bytesBefore = endBefore;
            rolled = event;
        }
    }

    /** The journal's folder, as it was given. */
    public String journal() {
        return folder.root().toString();
    }

    /** The roll of this document, or of one before that was abandoned, if rolls are recorded; to be written without the lock. Or null. */
    public RollEvent takeRoll() {
        RollEvent event = rolled;
        rolled = null;
        return event;
    }

    private void follow() {
        cycle = appender.cycle();
        following = true;
        toucher.follow(cycle, ((MappedBytes) bytes).mappedFile(), bytes.writePosition());
    }

    private void nextCycle() {
        rollAsked = false;
        counter.cycle = cycle + 1;
    }

    /** Copies the commit into the document. */
    public void write(byte[] commit) {
        dirty = true;
        tail.write(headerOffset, commit, length);
    }

    /** Makes the document visible. When this throws, whether it is visible is unknown. */
    public void publish() {
        nextOffset = headerOffset + DocumentScanner.HEADER_LENGTH + length;
        toucher.reached(cycle, nextOffset);
        dirty = false;
        if (document == null) {
            tail.publish(headerOffset, length);
        } else {
            publishThroughChronicle();
        }
    }

    private void publishThroughChronicle() {
        DocumentContext published = document;
        document = null;
        try {
            bytes.writeSkip(length);
            published.close();
            nextOffset = tail.follow(number, headerOffset, length);
        } finally {
            restoreInterrupt();
        }
    }

    private void restoreInterrupt() {
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves no trace of a document that was opened, or could not be; does nothing if none is open. */
    public void abandon() {
        try {
            if (dirty) {
                dirty = false;
                tail.clear(headerOffset, length);
            }
            if (document != null) {
                DocumentContext abandoned = document;
                document = null;
                abandoned.rollbackOnClose();
                abandoned.close();
            }
        } finally {
            restoreInterrupt();
        }
    }

    /** The next document begins a new cycle, unless the current one is empty. May be called by any thread. */
    public void askRoll() {
        rollAsked = true;
    }

    /** True if {@link #prepareAhead} should be called soon. Any thread. */
    public boolean preparationIsDue() {
        return toucher.isDue();
    }

    /**
     * Reserves space and touches pages ahead of the next documents; {@code forces}: how often the journal was forced since the last call.
     * Answers false if the device failed. One thread, any but those that write.
     */
    public boolean prepareAhead(long forces) {
        return toucher.run(forces);
    }

    /** {@link #prepareAhead} will not be called again: lets go of what it holds. The same thread, or after it. */
    public void endPreparation() {
        toucher.close();
    }

    /** Address of the header of the document published last. */
    public long documentAddress() {
        return Address.of(cycle, headerOffset);
    }

    /** Where the next document's header may begin at the earliest. */
    public long nextAddress() {
        return Address.of(cycle, CommitDescriptor.ALIGNMENT * ((nextOffset + CommitDescriptor.ALIGNMENT - 1) / CommitDescriptor.ALIGNMENT));
    }

    /** Nothing stands behind the end, so that whoever comes next finds it, although a bit has changed there. No document is open. */
    public void clearEnd() {
        if (nextOffset > 0) {
            FileEnd.clear(folder.cycleFile(cycle), nextOffset);
        }
    }

    @Override
    public void close() {
        tail.end();
        appender.close();
        queue.close();
        room.close();
    }

    private static final class Counter implements TimeProvider {
        private volatile int cycle;

        Counter(int cycle) {
            this.cycle = cycle;
        }

        @Override
        public long currentTimeMillis() {
            return cycle * DAY_MS + 1;
        }
    }
}
