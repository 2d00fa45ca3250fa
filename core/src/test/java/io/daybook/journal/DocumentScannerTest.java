package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitEncoder;
import io.daybook.envelope.CommitView;
import io.daybook.journal.DocumentScanner.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentScannerTest {

    @TempDir
    private Path root;
    private JournalFolder folder;
    private DocumentScanner scanner;

    @BeforeEach
    void name() {
        folder = new JournalFolder(root);
        scanner = new DocumentScanner(new Windows(folder));
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) length);
        return data;
    }

    /** The next step meets a document of this many bytes, each of which has their number. */
    private void assertDocument(int cycle, long offset, int length) {
        assertEquals(Step.DOCUMENT, scanner.next());
        assertEquals(Address.of(cycle, offset), scanner.documentAddress());
        CommitView view = scanner.commit();
        assertEquals(length, view.endOffset() - view.offset());
        assertEquals(offset + 4, scanner.window().base() + view.offset());
        assertEquals(Address.of(cycle, offset + 4 + 28), scanner.eventAddress(view.firstEventOffset()));
        for (int i = view.offset(); i < view.endOffset(); i++) {
            assertEquals(length, view.buffer().getByte(i));
        }
    }

    @Test
    void goesFromDocumentToDocumentWhateverTheirLengths() throws IOException {
        try (CycleFile file = CycleFile.create(folder, 0)) {
            for (int length = 1; length < 20; length++) {
                file.document(data(length));
            }
            file.size(file.end() + 8);
        }
        scanner.moveTo(Address.of(0, 0));
        long offset = CycleFile.FIRST;
        for (int length = 1; length < 20; length++) {
            assertDocument(0, offset, length);
            offset += 4 + (length + 3) / 4 * 4;
            assertEquals(Address.of(0, offset), scanner.nextAddress());
        }
        assertEquals(Step.END, scanner.next());
        assertEquals(Step.END, scanner.next());
        assertEquals(Address.of(0, offset), scanner.nextAddress());
    }

    @Test
    void passesOverMetadata() throws IOException {
        long second;
        try (CycleFile file = CycleFile.create(folder, 0)) {
            file.document(data(5)).metadata(13).metadata(0).metadata(4096);
            second = file.end();
            file.document(data(6)).metadata(7);
        }
        scanner.moveTo(Address.of(0, 0));
        assertDocument(0, CycleFile.FIRST, 5);
        assertDocument(0, second, 6);
        assertEquals(Step.END, scanner.next());
    }

    @Test
    void looksAgainWhereNothingWasYet() throws IOException {
        scanner.moveTo(Address.of(0, 0));
        assertEquals(Step.END, scanner.next(), "no file");
        try (CycleFile file = CycleFile.create(folder, 0)) {
            assertEquals(Step.END, scanner.next(), "an empty file");
            file.header(DocumentScanner.NOT_COMPLETE | 9);
            assertEquals(Step.INCOMPLETE, scanner.next());
            assertEquals(Address.of(0, CycleFile.FIRST), scanner.nextAddress());
            file.document(data(9));
            assertDocument(0, CycleFile.FIRST, 9);
            assertEquals(Step.END, scanner.next());
            file.document(data(10));
            assertDocument(0, CycleFile.FIRST + 16, 10);
        }
    }

    @Test
    void theEndMarkLeadsToTheNextFile() throws IOException {
        for (int cycle : new int[] {0, 1, 5}) {
            try (CycleFile file = CycleFile.create(folder, cycle)) {
                file.document(data(cycle + 1)).endMark();
            }
        }
        scanner.moveTo(Address.of(0, 0));
        assertDocument(0, CycleFile.FIRST, 1);
        assertDocument(1, CycleFile.FIRST, 2);
        assertDocument(5, CycleFile.FIRST, 6);
        assertEquals(Step.CLOSED, scanner.next());
        assertTrue(scanner.fileName().endsWith("19700106F.cq4"), scanner.fileName());
        try (CycleFile file = CycleFile.create(folder, 6)) {
            file.document(data(7));
        }
        assertDocument(6, CycleFile.FIRST, 7);
    }

    @Test
    void theLastCycleThatIsWantedIsTheEnd() throws IOException {
        for (int cycle : new int[] {0, 1, 2}) {
            try (CycleFile file = CycleFile.create(folder, cycle)) {
                file.document(data(cycle + 1)).endMark();
            }
        }
        scanner = new DocumentScanner(new Windows(folder), 1).moveTo(Address.of(0, 0));
        assertDocument(0, CycleFile.FIRST, 1);
        assertDocument(1, CycleFile.FIRST, 2);
        assertEquals(Step.CLOSED, scanner.next());
    }

    @Test
    void anEmptyFileWithAnEndMarkIsPassedOver() throws IOException {
        CycleFile.create(folder, 0).document(data(1)).endMark().close();
        CycleFile.create(folder, 1).endMark().close();
        CycleFile.create(folder, 2).document(data(3)).close();
        scanner.moveTo(Address.of(0, 0));
        assertDocument(0, CycleFile.FIRST, 1);
        assertDocument(2, CycleFile.FIRST, 3);
    }

    @Test
    void aLengthBehindTheEndOfTheFileIsBroken() throws IOException {
        for (int length : new int[] {9, 1000, DocumentScanner.LENGTH_MASK}) {
            try (CycleFile file = CycleFile.create(folder, length & 0xFFFF)) {
                file.header(length).size(file.end() + 4 + 8);
            }
            scanner.moveTo(Address.of(length & 0xFFFF, 0));
            assertEquals(Step.BROKEN, scanner.next(), "length=" + length);
            assertEquals(Address.of(length & 0xFFFF, CycleFile.FIRST), scanner.nextAddress());
        }
    }

    @Test
    void aLengthOfMetadataBehindTheEndOfTheFileEndsTheScan() throws IOException {
        CycleFile.create(folder, 0).header(DocumentScanner.METADATA | 0x3FFF_FFF0).size(5000).close();
        scanner.moveTo(Address.of(0, 0));
        assertEquals(Step.END, scanner.next());
    }

    @Test
    void startsAnywhere() throws IOException {
        try (CycleFile file = CycleFile.create(folder, 4)) {
            file.document(data(8)).document(data(9));
        }
        assertSame(scanner, scanner.moveTo(Address.of(4, CycleFile.FIRST + 12)));
        assertDocument(4, CycleFile.FIRST + 12, 9);
        scanner.moveTo(Address.of(4, CycleFile.FIRST));
        assertDocument(4, CycleFile.FIRST, 8);
    }

    @Test
    void seesACommitWhole() throws IOException {
        CommitEncoder encoder = new CommitEncoder(1 << 20);
        encoder.begin();
        encoder.add(new byte[] {'e'}, 0, 1, NewEvent.json("T", "{}"));
        encoder.stamp(0, 0, 0, 0);
        encoder.head(7, 8, 9, 3);
        encoder.seal();
        CycleFile.create(folder, 0).document(Arrays.copyOf(encoder.bytes(), encoder.paddedLength())).close();
        scanner.moveTo(Address.of(0, 0));
        assertEquals(Step.DOCUMENT, scanner.next());
        CommitView view = scanner.commit();
        assertTrue(view.isWhole());
        assertEquals(7, view.position());
        assertEquals(3, view.durablePosition());
    }

    @Test
    void aDocumentOverTheEdgeOfAWindowLiesInOne() throws IOException {
        long step = 256L << 20;
        try (CycleFile file = CycleFile.create(folder, 0)) {
            file.header(DocumentScanner.METADATA | (int) (step - CycleFile.FIRST - 4 - 8));
            file.size(step + 5000);
        }
        try (var channel = FileChannel.open(folder.cycleFile(0), StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(104).order(ByteOrder.LITTLE_ENDIAN).putInt(100).put(data(100));
            channel.write(bytes.flip(), step - 8);
            channel.write(bytes.rewind(), step + 96);
        }
        scanner.moveTo(Address.of(0, 0));
        assertDocument(0, step - 8, 100);
        assertEquals(0, scanner.window().base());
        assertDocument(0, step + 96, 100);
        assertEquals(Step.END, scanner.next());
        scanner = new DocumentScanner(new Windows(folder)).moveTo(Address.of(0, step + 96));
        assertDocument(0, step + 96, 100);
        assertEquals(step, scanner.window().base());
    }

    private void set(int cycle, int length, boolean ended) throws IOException {
        try (CycleFile file = CycleFile.create(folder, cycle)) {
            file.document(data(length));
            if (ended) {
                file.endMark();
            } else {
                file.size(file.end() + 8);
            }
        }
    }

    private void moveAway(int cycle) throws IOException {
        Files.move(folder.cycleFile(cycle), root.resolve("away-" + cycle));
    }

    /** A roll that failed leaves one, and recovery moves it away; a stop of the machine may have lost the one before it. */
    @Test
    void aFileThatIsMovedAwayBeforeItsFirstDocumentIsNotWaitedFor() throws IOException {
        set(0, 1, true);
        CycleFile.create(folder, 2).size(4_096).close();
        scanner.moveTo(Address.of(0, 0));
        assertDocument(0, CycleFile.FIRST, 1);
        assertEquals(Step.END, scanner.next());
        assertEquals(Address.of(2, CycleFile.FIRST), scanner.nextAddress());
        assertEquals(Step.END, scanner.moveTo(scanner.nextAddress()).next());
        moveAway(2);
        assertEquals(Step.CLOSED, scanner.next());
        set(1, 2, true);
        set(2, 3, false);
        assertDocument(1, CycleFile.FIRST, 2);
        assertDocument(2, CycleFile.FIRST, 3);
        assertEquals(Step.END, scanner.next());
    }

    @Test
    void aFileWithoutAFirstHeaderIsNotWaitedForEither() throws IOException {
        set(0, 1, true);
        Files.write(folder.cycleFile(2), new byte[4_096]);
        scanner.moveTo(Address.of(0, 0));
        assertDocument(0, CycleFile.FIRST, 1);
        assertEquals(Step.END, scanner.next());
        assertEquals(Step.END, scanner.moveTo(scanner.nextAddress()).next());
        moveAway(2);
        set(1, 2, false);
        assertDocument(1, CycleFile.FIRST, 2);
    }

    @Test
    void aFirstFileThatIsMadeAnewBeforeItsFirstDocumentIsNotWaitedFor() throws IOException {
        CycleFile.create(folder, 0).size(4_096).close();
        scanner.moveTo(Address.of(0, 0));
        assertEquals(Step.END, scanner.next());
        moveAway(0);
        set(0, 3, false);
        assertDocument(0, CycleFile.FIRST, 3);
    }
}
