package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.JournalDamagedException;
import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 8, damage is found: for one event, found by its address, without looking at its siblings. */
class StoredEventTest {

    private static final int CYCLE = 6;
    private static final long DATA = CycleFile.FIRST + DocumentScanner.HEADER_LENGTH;

    @TempDir
    private Path root;
    private JournalFolder folder;
    private final CommitEncoder encoder = new CommitEncoder(1 << 20);
    private byte[] good;

    @BeforeEach
    void write() throws IOException {
        folder = new JournalFolder(root);
        encoder.begin();
        add("account-42", NewEvent.json("Paid", "{\"cents\":1}").withId(new UUID(1, 2)));
        add("b", NewEvent.json("Sent", "{}").withMetadata(new byte[] {1, 2, 3}));
        add("account-42", NewEvent.of("Nothing", new byte[0]));
        for (int i = 0; i < 3; i++) {
            encoder.stamp(i, 70 + i, Address.of(1, 100 + i), Address.of(2, 200 + i));
        }
        encoder.head(5000, 6000, 7, 4000);
        encoder.seal();
        CycleFile.create(folder, CYCLE).document(Arrays.copyOf(encoder.bytes(), encoder.paddedLength())).close();
        good = Files.readAllBytes(folder.cycleFile(CYCLE));
    }

    private void add(String entity, NewEvent event) {
        byte[] name = entity.getBytes(StandardCharsets.UTF_8);
        encoder.add(name, 0, name.length, event);
    }

    private long address(int event) {
        return Address.of(CYCLE, DATA + encoder.offset(event));
    }

    private StoredEvent event(int number) {
        StoredEvent event = new StoredEvent(new Windows(folder));
        event.moveTo(address(number));
        event.verify();
        return event;
    }

    @Test
    void everyFieldIsTold() {
        StoredEvent event = new StoredEvent(new Windows(folder));
        for (int i : new int[] {0, 1, 2, 1, 0}) {
            event.moveTo(address(i));
            event.verify();
            assertEquals(address(i), event.address());
            assertEquals(70 + i, event.version());
            assertEquals(i, event.index());
            assertEquals(Address.of(1, 100 + i), event.previous());
            assertEquals(Address.of(2, 200 + i), event.skip());
            assertEquals(encoder.eventLength(i), event.length());
            assertEquals(DATA + encoder.offset(i), event.offset());
            assertEquals(address(0), event.firstEventAddress());
            assertEquals(5000, event.commitPosition());
            assertEquals(3, event.commitEvents());
            assertEquals(6000, event.timeNs());
            assertEquals(7, event.epoch());
            assertEquals(good[(int) DATA], event.buffer().getByte((int) DATA));
        }
    }

    @Test
    void aNameIsComparedByteByByte() {
        byte[] names = "xaccount-42x".getBytes(StandardCharsets.UTF_8);
        StoredEvent event = event(0);
        assertTrue(event.isNamed(names, 1, 10));
        assertFalse(event.isNamed(names, 1, 9));
        assertFalse(event.isNamed(names, 1, 11));
        for (int i = 1; i < 11; i++) {
            names[i] ^= 1;
            assertFalse(event.isNamed(names, 1, 10), "byte=" + i);
            names[i] ^= 1;
        }
        assertFalse(event(1).isNamed(names, 1, 10));
    }

    @Test
    void everyFlippedBitOfTheEventOrItsCommitsHeaderIsFound() throws IOException {
        for (int number = 0; number < 3; number++) {
            int from = (int) DATA + encoder.offset(number);
            for (int at = 0; at < encoder.eventLength(number); at++) {
                assertFound(number, from + at);
            }
            for (int at = CommitDescriptor.LAG_OFFSET; at < CommitDescriptor.HEADER_LENGTH; at++) {
                assertFound(number, (int) DATA + at);
            }
        }
    }

    private void assertFound(int number, int at) throws IOException {
        for (int bit = 0; bit < 8; bit++) {
            byte[] damaged = good.clone();
            damaged[at] ^= (byte) (1 << bit);
            Files.write(folder.cycleFile(CYCLE), damaged);
            JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> event(number), "byte=" + at + " bit=" + bit);
            assertEquals(folder.cycleFile(CYCLE).toString(), e.file());
            assertEquals(Address.offset(address(number)), e.offset());
        }
    }

    @Test
    void anyAddressGivesAnAnswer() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Windows windows = new Windows(folder);
        for (int i = 0; i < 3000; i++) {
            long offset = i < good.length + 50 ? i : random.nextLong() >>> 24;
            long address = Address.of(i % 3 == 0 ? random.nextInt(Address.MAX_CYCLE) : CYCLE, offset);
            boolean right = address == address(0) || address == address(1) || address == address(2);
            StoredEvent event = new StoredEvent(windows);
            if (!right) {
                assertThrows(JournalDamagedException.class, () -> {
                    event.moveTo(address);
                    event.verify();
                }, "seed=" + seed + " address=" + address);
            }
        }
        for (long address : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThrows(JournalDamagedException.class, () -> new StoredEvent(windows).moveTo(address));
        }
    }

    @Test
    void anErrorOfItsOwnNamesFileAndOffset() {
        JournalDamagedException e = event(1).damaged("Something is wrong");
        assertEquals(folder.cycleFile(CYCLE).toString(), e.file());
        assertEquals(Address.offset(address(1)), e.offset());
        assertTrue(e.getMessage().contains("Something is wrong"), e.getMessage());
    }

    /** The event lies in the second window of its file, its commit's header in the first. */
    @Test
    void aCommitOverTheEdgeOfAWindow() throws IOException {
        long step = 256L << 20;
        long data = step - encoder.offset(1) - 1;
        try (CycleFile file = CycleFile.create(folder, 0)) {
            file.size(step + 5000);
        }
        try (var channel = FileChannel.open(folder.cycleFile(0), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(encoder.bytes(), 0, encoder.paddedLength()), data);
        }
        StoredEvent event = new StoredEvent(new Windows(folder));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3; i++) {
                event.moveTo(Address.of(0, data + encoder.offset(i)));
                event.verify();
                assertEquals(70 + i, event.version());
                assertEquals(5000, event.commitPosition());
            }
        }
    }
}
