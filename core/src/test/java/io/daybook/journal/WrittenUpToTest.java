package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chronicle's note of how far a file is written, changed, in files that the writer made. */
class WrittenUpToTest {

    private static final int DOCUMENTS = 700;
    private static final int LENGTH = 100;

    @TempDir
    private Path root;
    private JournalFolder folder;
    private long end;
    private long lastDocument;

    @BeforeEach
    void write() throws IOException {
        folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        append(0, DOCUMENTS, LENGTH);
    }

    /** Each begins with the low byte of its number. */
    private void append(int from, int to, int length) throws IOException {
        try (JournalWriter writer = JournalWriter.open(folder, 1L << 30, end)) {
            byte[] bytes = new byte[length];
            for (int i = from; i < to; i++) {
                bytes[0] = (byte) i;
                writer.open(length);
                writer.write(bytes);
                writer.publish();
            }
            end = writer.nextAddress();
            lastDocument = Address.offset(writer.documentAddress());
        }
    }

    private long noted() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.cycleFile(0).toFile(), "r")) {
            file.seek(ChronicleHeader.Field.WRITE_POSITION.valueAt);
            return Long.reverseBytes(file.readLong());
        }
    }

    private void note(long value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.cycleFile(0).toFile(), "rw")) {
            file.seek(ChronicleHeader.Field.WRITE_POSITION.valueAt);
            file.writeLong(Long.reverseBytes(value));
        }
    }

    private boolean mend(long ends) throws IOException {
        return new WrittenUpTo(folder, 0, ends).mend();
    }

    @Test
    void aNoteThatLeadsToTheEndStays() throws IOException {
        long noted = noted();
        assertTrue(noted > 0 && noted <= lastDocument, "noted=" + noted);
        assertEquals(false, mend(Address.offset(end)));
        assertEquals(noted, noted());
    }

    @Test
    void oneThatLeadsElsewhereBecomesTheLastDocument() throws IOException {
        long ends = Address.offset(end);
        for (long wrong : new long[] {0, 1, lastDocument + 4, lastDocument - 4, ends, ends + 4, 1L << 40, -8}) {
            note(wrong);
            assertEquals(false, mend(Address.offset(end)));
            assertEquals(lastDocument, noted(), "wrong=" + wrong);
        }
    }

    @Test
    void inAFileThatHasEndedItBecomesTheEndMark() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.cycleFile(0).toFile(), "rw")) {
            file.seek(Address.offset(end));
            file.writeInt(Integer.reverseBytes(DocumentScanner.END_OF_FILE));
        }
        assertEquals(true, mend(WrittenUpTo.END_MARK));
        note(lastDocument + 4);
        assertEquals(true, mend(WrittenUpTo.END_MARK));
        assertEquals(Address.offset(end), noted());
    }

    @Test
    void aFileWithoutTheEndThatItShouldHaveIsDamage() throws IOException {
        assertThrows(JournalDamagedException.class, () -> mend(WrittenUpTo.END_MARK));
        note(4);
        assertThrows(JournalDamagedException.class, () -> mend(Address.offset(end) + 4));
    }

    /** Chronicle would count from 0 again, and its index name other documents. */
    @Test
    void documentsAreNumberedOn() throws IOException {
        for (long wrong : new long[] {0, lastDocument + 8, 1L << 50}) {
            note(wrong);
            append(numberOf(end), numberOf(end) + 300, LENGTH);
        }
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder.queue()).rollCycle(RollCycles.FAST_DAILY).build();
                ExcerptTailer tailer = queue.createTailer()) {
            int documents = DOCUMENTS + 3 * 300;
            for (int number = 0; number < documents; number++) {
                assertEquals(true, tailer.moveToIndex(number), "number=" + number);
                try (DocumentContext document = tailer.readingDocument()) {
                    assertEquals((byte) number, document.wire().bytes().readByte(), "number=" + number);
                }
            }
            assertEquals(documents, tailer.toEnd().index());
        }
    }

    private int numberOf(long address) {
        DocumentScanner scanner = new DocumentScanner(new Windows(folder)).moveTo(Address.of(0, 0));
        int number = 0;
        while (scanner.next() == DocumentScanner.Step.DOCUMENT && scanner.documentAddress() < address) {
            number++;
        }
        return number;
    }

    /** It asserts that its note is not a whole mapping behind what it writes. */
    @Test
    void inAFileLongerThanOneMappingToo() throws IOException {
        append(DOCUMENTS, DOCUMENTS + 9, 60 << 20);
        for (long wrong : new long[] {0, 4, 65_808}) {
            note(wrong);
            append(DOCUMENTS, DOCUMENTS + 2, LENGTH);
        }
    }
}
