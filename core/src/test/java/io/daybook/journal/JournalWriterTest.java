package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.envelope.Address;
import io.daybook.envelope.CommitView;
import io.daybook.journal.DocumentScanner.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What we rely on in Chronicle's appender. */
class JournalWriterTest {

    private static final long CYCLE_BYTES = 1 << 20;

    @TempDir
    private Path root;
    private JournalFolder folder;
    private JournalWriter writer;
    private final List<byte[]> written = new ArrayList<>();
    private final List<Long> addresses = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        writer = JournalWriter.open(folder, CYCLE_BYTES, Address.of(0, 0));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void append(int length) {
        byte[] bytes = bytes(length);
        long data = writer.open(length);
        writer.write(bytes);
        writer.publish();
        assertEquals(data - DocumentScanner.HEADER_LENGTH, writer.documentAddress());
        written.add(bytes);
        addresses.add(data);
    }

    /** Our scanner reads the same documents at the addresses that were told. */
    private void assertStored() {
        DocumentScanner scanner = new DocumentScanner(new Windows(folder)).moveTo(Address.of(0, 0));
        for (int i = 0; i < written.size(); i++) {
            assertEquals(Step.DOCUMENT, scanner.next(), "document=" + i);
            assertEquals(addresses.get(i) - DocumentScanner.HEADER_LENGTH, scanner.documentAddress());
            CommitView view = scanner.commit();
            byte[] found = new byte[view.endOffset() - view.offset()];
            view.buffer().getBytes(view.offset(), found);
            assertArrayEquals(written.get(i), found, "document=" + i);
        }
        assertEquals(Step.END, scanner.next());
        assertEquals(writer.nextAddress(), scanner.nextAddress());
    }

    private void reopen() throws IOException {
        long next = writer.nextAddress();
        writer.close();
        writer = JournalWriter.open(folder, CYCLE_BYTES, next);
    }

    @Test
    void everyDocumentIsWhereItWasTold() {
        for (int length = 4; length < 4000; length += 52) {
            append(length);
        }
        assertStored();
    }

    /** Chronicle's index has pages of 4,096 entries, one for 256 documents; a new page comes behind the document that needs it. */
    @Test
    void aPageOfChroniclesIndexIsNotWrittenOver() throws IOException {
        writer.close();
        writer = JournalWriter.open(folder, 1 << 26, Address.of(0, 0));
        int documents = 4096 * 256 + 300;
        byte[] bytes = new byte[4];
        for (int i = 0; i < documents; i++) {
            bytes[0] = (byte) i;
            writer.open(bytes.length);
            writer.write(bytes);
            writer.publish();
        }
        assertEquals(1, folder.cycles().length);
        DocumentScanner scanner = new DocumentScanner(new Windows(folder)).moveTo(Address.of(0, 0));
        for (int i = 0; i < documents; i++) {
            assertEquals(Step.DOCUMENT, scanner.next(), "document=" + i);
            CommitView view = scanner.commit();
            assertEquals((byte) i, view.buffer().getByte(view.offset()), "document=" + i);
        }
        assertEquals(Step.END, scanner.next());
        assertNumbered(0, 255, 256, 1000, 1 << 20, (1 << 20) + 1, documents - 1);
    }

    /** Chronicle finds documents of the first file by their numbers; each begins with the low byte of its own. */
    private void assertNumbered(int... numbers) {
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder.queue()).rollCycle(RollCycles.FAST_DAILY).build();
                ExcerptTailer tailer = queue.createTailer()) {
            for (int number : numbers) {
                assertEquals(true, tailer.moveToIndex(number), "number=" + number);
                try (DocumentContext document = tailer.readingDocument()) {
                    assertEquals((byte) number, document.wire().bytes().readByte(), "number=" + number);
                    assertEquals(number, document.index());
                }
            }
        }
    }

    /** There Chronicle changes over to the next block for the data, and goes back for the header. */
    @Test
    void aHeaderMayBeTheLastWordOfABlock() throws IOException {
        writer.close();
        writer = JournalWriter.open(folder, 1L << 30, Address.of(0, 0));
        long block = 512L << 20;
        append(4);
        while (Address.offset(writer.nextAddress()) + (64 << 20) < block) {
            append(60 << 20);
        }
        append((int) (block - 8 - Address.offset(writer.nextAddress())));
        long next = writer.nextAddress();
        assertEquals(block - 4, Address.offset(next));
        writer.close();
        writer = JournalWriter.open(folder, 1L << 30, next);
        writer.open(5000);
        writer.write(bytes(5000));
        writer.abandon();
        for (int i = 0; i < 600; i++) {
            append(100 + 4 * (i % 50));
        }
        assertEquals(block, Address.offset(addresses.get(written.size() - 600)));
        assertStored();
    }

    @Test
    void chroniclesIndexIsRightAlthoughMostDocumentsAreWrittenPastIt() throws IOException {
        int documents = 0;
        for (int reopened = 0; reopened < 12; reopened++) {
            for (int i = 0; i < 10 + 61 * reopened; i++) {
                byte[] bytes = bytes(40 + 4 * (i % 9));
                bytes[0] = (byte) documents++;
                writer.open(bytes.length);
                writer.write(bytes);
                if (i % 50 == 17) {
                    writer.abandon();
                    documents--;
                } else {
                    writer.publish();
                }
            }
            reopen();
        }
        assertNumbered(IntStream.range(0, documents).toArray());
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder.queue()).rollCycle(RollCycles.FAST_DAILY).build();
                ExcerptTailer tailer = queue.createTailer()) {
            assertEquals(documents, tailer.toEnd().index());
        }
    }

    @Test
    void goesOnAfterReopening() throws IOException {
        for (int i = 0; i < 5; i++) {
            append(100 + 4 * i);
            reopen();
        }
        assertStored();
        assertEquals(1, folder.cycles().length);
    }

    @Test
    void anAbandonedDocumentLeavesNoTrace() {
        writer.abandon();
        append(100);
        for (int i = 0; i < 3; i++) {
            long data = writer.open(5000);
            writer.write(bytes(5000));
            writer.abandon();
            writer.abandon();
            append(200);
            assertEquals(data, addresses.get(addresses.size() - 1), "its place is used again");
        }
        assertStored();
    }

    @Test
    void aFileEndsAtItsSize() {
        int length = 100_000;
        for (int i = 0; i < 35; i++) {
            append(length);
        }
        assertArrayEquals(new int[] {0, 1, 2, 3}, folder.cycles());
        for (int i = 0; i < addresses.size(); i++) {
            assertEquals(true, Address.offset(addresses.get(i)) + length <= CYCLE_BYTES, "document=" + i);
            boolean rolled = i > 0 && Address.cycle(addresses.get(i)) != Address.cycle(addresses.get(i - 1));
            boolean wouldFit = i > 0 && Address.offset(addresses.get(i - 1)) + 2 * length + 8 <= CYCLE_BYTES;
            assertEquals(false, rolled && wouldFit, "document=" + i);
        }
        assertStored();
    }

    @Test
    void aDocumentLargerThanAFileGetsOneOfItsOwn() {
        append(100);
        append(2 << 20);
        append(100);
        assertEquals(0, Address.cycle(addresses.get(0)));
        assertEquals(1, Address.cycle(addresses.get(1)));
        assertEquals(2, Address.cycle(addresses.get(2)));
        assertStored();
    }

    @Test
    void theLargestDocumentAtTheEndOfAFileFits() throws IOException {
        writer.close();
        writer = JournalWriter.open(folder, 1L << 30, Address.of(0, 0));
        for (int i = 0; i < 3; i++) {
            append(64 << 20);
            append(8);
        }
        assertEquals(1, folder.cycles().length);
        assertStored();
    }

    @Test
    void aRollThatWasAskedForHappensOnceAndOnlyBehindADocument() {
        writer.askRoll();
        writer.askRoll();
        append(100);
        assertEquals(0, Address.cycle(addresses.get(0)));
        append(100);
        assertEquals(1, Address.cycle(addresses.get(1)));
        append(100);
        assertEquals(1, Address.cycle(addresses.get(2)));
        assertStored();
    }

    @Test
    void theCycleIsACounterAndNoClock() throws IOException {
        writer.close();
        writer = JournalWriter.open(folder, CYCLE_BYTES, Address.of(41, 0));
        append(100);
        writer.askRoll();
        append(100);
        assertArrayEquals(new int[] {41, 42}, folder.cycles());
    }

    @Test
    void theLastCycleIsTheLast() throws IOException {
        writer.close();
        writer = JournalWriter.open(folder, CYCLE_BYTES, Address.of(JournalFolder.LAST_CYCLE, 0));
        append(100);
        writer.askRoll();
        assertThrows(IllegalStateException.class, () -> writer.open(100));
        assertThrows(IllegalStateException.class, () -> writer.open(100));
        assertArrayEquals(new int[] {JournalFolder.LAST_CYCLE}, folder.cycles());
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void aLockThatADeadWriterLeftHoldsNobodyUp() throws IOException {
        append(100);
        long next = writer.nextAddress();
        writer.close();
        try (SingleChronicleQueue queue = queue()) {
            for (String lock : new String[] {"chronicle.write.lock", "chronicle.append.lock"}) {
                try (LongValue value = queue.metaStore().acquireValueFor(lock, Long.MIN_VALUE)) {
                    value.setOrderedValue(1); // the process with id 1 lives on every machine
                }
            }
        }
        writer = JournalWriter.open(folder, CYCLE_BYTES, next);
        append(100);
        assertStored();
    }

    private SingleChronicleQueue queue() {
        return SingleChronicleQueueBuilder.binary(folder.queue()).rollCycle(RollCycles.FAST_DAILY).blockSize(512 << 20)
                .timeProvider(() -> 1).build();
    }

    @Test
    void aPlainTailerReadsTheSameDocumentsInOrder() {
        for (int i = 0; i < 300; i++) {
            append(4 * (1 + i % 50));
            if (i % 70 == 0) {
                writer.askRoll();
            }
        }
        try (SingleChronicleQueue queue = queue(); ExcerptTailer tailer = queue.createTailer()) {
            for (byte[] expected : written) {
                try (DocumentContext document = tailer.readingDocument()) {
                    assertEquals(true, document.isPresent());
                    byte[] found = new byte[(int) document.wire().bytes().readRemaining()];
                    document.wire().bytes().read(found);
                    assertArrayEquals(expected, found);
                }
            }
            try (DocumentContext document = tailer.readingDocument()) {
                assertEquals(false, document.isPresent());
            }
        }
    }
}
