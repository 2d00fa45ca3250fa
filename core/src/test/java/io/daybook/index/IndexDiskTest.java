package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.StoreClosedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the index on disk is believed, and when it is made anew. Guarantee 7, derived state is disposable. */
class IndexDiskTest {

    @TempDir
    private Path folder;
    private SampleIndex sample;

    @BeforeEach
    void open() throws IOException {
        sample = new SampleIndex(folder);
        sample.open();
        assertTrue(sample.index.rebuilt());
        assertEquals(0, sample.index.replayPosition());
    }

    @AfterEach
    void close() {
        sample.index.abandon();
    }

    private void reopen() throws IOException {
        reopen(true);
    }

    private void reopen(boolean trusted) throws IOException {
        SampleIndex again = new SampleIndex(folder);
        again.bootId = sample.bootId;
        again.identity = sample.identity;
        again.capacity = sample.capacity;
        again.headsFileEvents = sample.headsFileEvents;
        again.expected.putAll(sample.expected);
        sample = again;
        sample.open(trusted);
    }

    private void assertBelieved(long position) {
        assertFalse(sample.index.rebuilt());
        assertEquals(position, sample.index.replayPosition());
        assertEquals(SampleIndex.address(position), sample.index.replayAddress());
        assertEquals(position, sample.index.watermark());
        assertEquals(0, sample.index.behind());
        assertEquals(position - 1, sample.index.endTimeNs());
        sample.assertComplete();
    }

    private void assertMadeAnew() {
        assertTrue(sample.index.rebuilt());
        assertEquals(0, sample.index.replayPosition());
        assertEquals(0, sample.index.watermark());
        assertEquals(0, sample.index.entities());
        assertEquals(0, sample.index.positions().entries());
        assertEquals(Long.MIN_VALUE, sample.index.endTimeNs());
        assertEquals(-1, sample.version("account-1"));
    }

    private List<String> maps() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".map")).sorted().toList();
        }
    }

    private Path onlyMap() throws IOException {
        assertEquals(1, maps().size());
        return folder.resolve(maps().get(0));
    }

    @Test
    void afterACleanCloseItIsBelievedOnAnyBoot() throws IOException {
        sample.appendEach(50, 3);
        sample.index.close();
        sample.bootId = SampleIndex.OTHER_BOOT;
        reopen();
        assertBelieved(150);
        sample.index.close();
        reopen();
        assertBelieved(150);
    }

    /** A clean close would sum the damaged file and make it believable for good. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeadThatWasFoundDamagedIsNotBelievedAgain(boolean closed) throws IOException {
        sample.appendEach(50, 3);
        sample.index.flush();
        sample.index.abandon();
        reopen();
        damageHeadOf(SampleIndex.dataAddress(149));
        assertThrows(IndexDamagedException.class, () -> sample.version("account-49"));
        assertEquals(2, sample.version("account-48"));
        sample.append("account-1000");
        if (closed) {
            sample.index.close();
        } else {
            sample.index.flush();
            sample.index.abandon();
        }
        reopen();
        assertMadeAnew();
    }

    private void damageHeadOf(long newest) throws IOException {
        try (FileChannel channel = FileChannel.open(onlyMap(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
            int found = 0;
            for (int at = 0; at + Long.BYTES <= map.capacity(); at++) {
                if (map.getLong(at) == newest) {
                    map.put(at, (byte) (map.get(at) ^ 1));
                    found++;
                }
            }
            assertTrue(found > 0);
        }
    }

    @Test
    void withoutACloseItIsBelievedOnTheSameBootUpToTheLastFlush() throws IOException {
        sample.appendEach(50, 2);
        sample.index.flush();
        sample.index.abandon();
        reopen();
        assertBelieved(100);
    }

    @Test
    void whatWasNotFlushedIsReplayed() throws IOException {
        sample.appendEach(2, 1);
        sample.index.flush();
        sample.append("account-0");
        sample.append("account-9");
        assertEquals(2, sample.index.behind());
        sample.index.abandon();
        reopen();
        assertEquals(2, sample.index.replayPosition());
        assertEquals(0, sample.version("account-0"));
        assertEquals(-1, sample.version("account-9"));
        assertEquals(2, sample.index.entities());
    }

    @Test
    void withoutACloseAMapThatLostItsFirstBytesIsMadeAnew() throws IOException {
        sample.appendEach(50, 2);
        sample.index.flush();
        sample.index.abandon();
        byte[] bytes = Files.readAllBytes(onlyMap());
        Arrays.fill(bytes, 0, 4096, (byte) 0);
        Files.write(onlyMap(), bytes);
        reopen();
        assertMadeAnew();
    }

    @Test
    void withoutACloseItIsMadeAnewOnAnotherBoot() throws IOException {
        sample.appendEach(50, 2);
        sample.index.flush();
        sample.index.abandon();
        sample.bootId = SampleIndex.OTHER_BOOT;
        reopen();
        assertMadeAnew();
    }

    @Test
    void anUntrustedIndexIsMadeAnew() throws IOException {
        sample.appendEach(50, 2);
        sample.index.close();
        reopen(false);
        assertMadeAnew();
    }

    @Test
    void anotherJournalsIndexIsMadeAnew() throws IOException {
        sample.appendEach(50, 2);
        sample.index.close();
        sample.identity = new UUID(9, 9);
        reopen();
        assertMadeAnew();
    }

    @ParameterizedTest
    @ValueSource(strings = {"map deleted", "map truncated", "map flipped", "map zeroed", "positions deleted", "positions flipped",
        "watermark deleted", "watermark flipped", "watermark truncated"})
    void damageIsFoundAtOpenAndMendedByAReplay(String damage) throws IOException {
        String[] names = new String[100];
        Arrays.setAll(names, i -> "account-" + i % 50);
        sample.replay(names);
        sample.index.close();
        Path file = damage.startsWith("map") ? onlyMap() : folder.resolve(damage.substring(0, damage.indexOf(' ')) + ".dbk");
        damage(file, damage.substring(damage.indexOf(' ') + 1));
        reopen();
        assertMadeAnew();
        sample.replay(names);
        sample.assertComplete();
        sample.index.close();
        reopen();
        assertBelieved(100);
    }

    private static void damage(Path file, String damage) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case "deleted" -> Files.delete(file);
            case "truncated" -> Files.write(file, Arrays.copyOf(bytes, Math.min(600, bytes.length / 2)));
            case "zeroed" -> Files.write(file, new byte[bytes.length]);
            case "flipped" -> {
                for (int at = 0; at < bytes.length; at += 100) {
                    bytes[at] ^= 0x20;
                }
                Files.write(file, bytes);
            }
            default -> throw new IllegalArgumentException(damage);
        }
    }

    @Test
    void oneFlippedBitOfTheMapIsFoundAfterACleanClose() throws IOException {
        sample.appendEach(10, 1);
        sample.index.close();
        byte[] good = Files.readAllBytes(onlyMap());
        good[good.length / 2] ^= 1;
        Files.write(onlyMap(), good);
        reopen();
        assertMadeAnew();
    }

    @Test
    void growsWhileReadersLookUp() throws Exception {
        sample.capacity = 64;
        sample.appendEach(40, 1);
        sample.index.flush();
        List<Thread> readers = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        java.util.concurrent.atomic.AtomicBoolean done = new java.util.concurrent.atomic.AtomicBoolean();
        SampleIndex reading = sample;
        for (int reader = 0; reader < 2; reader++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; !done.get(); i++) {
                    assertEquals(0, reading.version("account-" + i % 40));
                }
            });
            thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
            thread.start();
            readers.add(thread);
        }
        for (int i = 40; i < 4000; i++) {
            sample.append("account-" + i);
            if (i % 131 == 0) {
                sample.index.flush();
            }
        }
        sample.index.flush();
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals(List.of(), failures);
        assertEquals(1, maps().size(), "smaller ones are gone");
        sample.assertComplete();
        sample.index.close();
        reopen();
        assertBelieved(4000);
    }

    @Test
    void aMapTooSmallBy100TimesGrowsInOneFlush() throws IOException {
        sample.tableBytes = 1 << 22;
        sample.index.abandon();
        sample.open();
        sample.appendEach(6400, 1);
        sample.index.flush();
        sample.assertComplete();
        sample.index.close();
        reopen();
        assertBelieved(6400);
    }

    @Test
    void memoryStaysBoundedWhateverTheNumberOfEntities() throws IOException {
        long most = 2L * HeadTable.SEGMENTS * 16 * Head.BYTES;
        for (int i = 0; i < 20_000; i++) {
            sample.append("account-" + i);
            if (sample.index.isFull()) {
                sample.index.flush();
                assertFalse(sample.index.isFull());
            }
            assertTrue(sample.index.tableBytes() <= 2 * most, "bytes=" + sample.index.tableBytes());
        }
        assertTrue(sample.index.headsInMemory() < 20_000);
        sample.assertComplete();
    }

    @Test
    void leftOversOfAGrowthCutShortAreDeleted() throws IOException {
        sample.appendEach(10, 1);
        sample.index.close();
        Files.write(folder.resolve("heads-77.map"), new byte[100]);
        reopen();
        assertBelieved(10);
        assertEquals(1, maps().size());
    }

    @Test
    void aLookUpAfterCloseSaysSo() throws IOException {
        sample.appendEach(50, 1);
        sample.index.close();
        reopen();
        sample.index.close();
        assertThrows(StoreClosedException.class, () -> sample.version("account-1"));
        reopen();
    }
}
