package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file is one that Chronicle wrote: 600 documents, three of which its index names. */
class ChronicleIndexTest {

    private static final long MOST = 1L << 40;
    private static final long FIRST_PAGE_NAMED_AT = 0xF0;
    private static final long FIRST_DOCUMENT_NAMED_AT = 0x8110;

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void write() throws Exception {
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder).rollCycle(RollCycles.FAST_DAILY)
                .timeProvider(() -> 0).build(); ExcerptAppender appender = queue.createAppender()) {
            for (int i = 0; i < 600; i++) {
                try (DocumentContext document = appender.writingDocument()) {
                    document.wire().bytes().writeLong(i);
                }
            }
        }
        file = new JournalFolder(folder.getParent()).cycleFile(0);
        file = folder.resolve(file.getFileName());
    }

    private long findDamageWith(long value, long at) throws Exception {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            long before = bytes.readLong();
            bytes.seek(at);
            bytes.writeLong(Long.reverseBytes(value));
            long damage = ChronicleIndex.findDamage(file, MOST);
            bytes.seek(at);
            bytes.writeLong(before);
            return damage;
        }
    }

    @Test
    void whatChronicleWritesIsSound() throws Exception {
        assertEquals(-1, ChronicleIndex.findDamage(file, MOST));
    }

    @Test
    void aFileThatWasJustBegunIsSound() throws Exception {
        for (int length : new int[] {0, 3, 4, 4_096}) {
            assertEquals(-1, ChronicleIndex.findDamage(Files.write(folder.resolve("begun"), new byte[length]), MOST));
        }
    }

    @Test
    void anAddressBehindTheLongestFileIsDamage() throws Exception {
        for (long at : new long[] {FIRST_DOCUMENT_NAMED_AT, FIRST_DOCUMENT_NAMED_AT + 8, FIRST_DOCUMENT_NAMED_AT + 8 * 4_095}) {
            for (long address : new long[] {MOST + 1, 1L << 46, -4, Long.MIN_VALUE}) {
                assertEquals(at, findDamageWith(address, at), () -> "address=" + address);
            }
            assertEquals(-1, findDamageWith(MOST, at));
        }
        assertEquals(-1, ChronicleIndex.findDamage(file, MOST));
    }

    @Test
    void anAddressOfAPageWhereNoneIsIsDamage() throws Exception {
        for (long at : new long[] {FIRST_PAGE_NAMED_AT, FIRST_PAGE_NAMED_AT + 8}) {
            for (long address : new long[] {0x80F1, 0x10110, MOST + 1, 1L << 46, -4}) {
                assertEquals(at, findDamageWith(address, at), () -> "address=" + address);
            }
        }
    }

    /** More used addresses than there are made Chronicle take all the memory of the JVM. */
    @Test
    void moreAddressesThanThereIsRoomForIsDamage() throws Exception {
        for (long first : new long[] {FIRST_PAGE_NAMED_AT, FIRST_DOCUMENT_NAMED_AT}) {
            assertEquals(first - 8, findDamageWith(4_097, first - 8));
            assertEquals(first - 8, findDamageWith(-1, first - 8));
            assertEquals(-1, findDamageWith(4_096, first - 8));
            assertEquals(first - 16, findDamageWith(4_097, first - 16));
            assertEquals(-1, findDamageWith(0, first - 16));
        }
    }

    @Test
    void anIndexElsewhereIsDamage() throws Exception {
        long at = ChronicleHeader.Field.INDEX.valueAt;
        for (long address : new long[] {MOST + 1, 1L << 46, -4, Long.MIN_VALUE, 0x80F0}) {
            assertEquals(at, findDamageWith(address, at), () -> "address=" + address);
        }
        assertEquals(-1, findDamageWith(0, at));
    }

    /** A stop of the machine may have kept the page of addresses of pages, and lost one of these; recovery puts an end mark there. */
    @Test
    void aPageThatIsNotThereIsSound() throws Exception {
        assertEquals(-1, findDamageWith(0, FIRST_PAGE_NAMED_AT));
        assertEquals(-1, findDamageWith(1 << 20, FIRST_PAGE_NAMED_AT));
        assertEquals(-1, findDamageWith(Files.size(file) + 8, FIRST_PAGE_NAMED_AT));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(0x80F0);
            bytes.writeInt(Integer.reverseBytes(DocumentScanner.END_OF_FILE));
        }
        assertEquals(-1, ChronicleIndex.findDamage(file, MOST));
    }

    /** And the file's length. */
    @Test
    void aFileThatIsShorterThanItsAddressesIsSound() throws Exception {
        for (long length : new long[] {0x10200, 0x10110, 0x9000, 0x80F2, 0x100, 0xC9}) {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(length);
            }
            assertEquals(-1, ChronicleIndex.findDamage(file, MOST), () -> "length=" + length);
        }
    }

    @Test
    void whatIsLeftOfAPageThatEndsWithTheFileIsLookedAt() throws Exception {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(0x9000);
        }
        assertEquals(FIRST_DOCUMENT_NAMED_AT + 8, findDamageWith(MOST + 1, FIRST_DOCUMENT_NAMED_AT + 8));
        assertEquals(-1, findDamageWith(MOST, FIRST_DOCUMENT_NAMED_AT + 8));
    }
}
