package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heads file at work: a rebuild of the owner's index starts from it, and reading processes read it. Also {@link IndexCheck#verify}. */
class PublishedHeadsTest {

    @TempDir
    private Path folder;
    private SampleIndex sample;

    @BeforeEach
    void open() throws IOException {
        sample = new SampleIndex(folder);
        sample.headsFileEvents = 100;
        sample.open();
    }

    private SampleIndex again() {
        SampleIndex again = new SampleIndex(folder);
        again.expected.putAll(sample.expected);
        again.position = sample.position;
        return again;
    }

    private SampleIndex reading(boolean trusted) throws IOException {
        SampleIndex again = again();
        again.index = PublishedHeads.open(again.settings(), trusted, again.lock);
        return again;
    }

    private void deleteMap() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path map : files.filter(f -> f.toString().endsWith(".map")).toList()) {
                Files.delete(map);
            }
        }
    }

    @Test
    void aHeadsFileIsDueAfterEnoughEvents() throws IOException {
        sample.appendEach(33, 3);
        sample.index.flush();
        assertFalse(sample.index.headsFileIsDue(), "99 events");
        sample.append("account-1");
        assertFalse(sample.index.headsFileIsDue(), "not flushed");
        sample.index.flush();
        assertTrue(sample.index.headsFileIsDue());
        sample.index.publishHeads();
        assertFalse(sample.index.headsFileIsDue());
        sample.index.close();
        SampleIndex again = again();
        again.headsFileEvents = 100;
        again.open();
        assertFalse(again.index.headsFileIsDue(), "known from its header");
        again.index.abandon();
    }

    @Test
    void closingPublishesWhenItIsDue() throws IOException {
        sample.appendEach(33, 3);
        sample.index.close();
        assertFalse(Files.exists(folder.resolve("heads.dbk")));
        SampleIndex again = again();
        again.headsFileEvents = 99;
        again.open();
        again.index.close();
        assertTrue(Files.exists(folder.resolve("heads.dbk")));
    }

    @Test
    void aRebuildStartsFromTheHeadsFile() throws IOException {
        sample.appendEach(500, 3);
        sample.index.flush();
        sample.index.publishHeads();
        sample.index.close();
        deleteMap();
        SampleIndex again = again();
        again.headsFileEvents = 100;
        again.bootId = SampleIndex.OTHER_BOOT;
        again.open();
        assertTrue(again.index.rebuilt());
        assertEquals(1500, again.index.replayPosition());
        assertEquals(SampleIndex.address(1500), again.index.replayAddress());
        assertEquals(1499, again.index.endTimeNs());
        assertEquals(2, again.index.positions().entries());
        assertFalse(again.index.headsFileIsDue());
        again.assertComplete();
        again.append("account-1");
        again.append("new-1");
        again.index.flush();
        again.assertComplete();
        again.index.close();
        SampleIndex third = again();
        third.expected.putAll(again.expected);
        third.open();
        assertFalse(third.index.rebuilt());
        third.assertComplete();
        third.index.abandon();
    }

    @Test
    void aDamagedHeadsFileOrTableOfPositionsIsNotStartedFrom() throws IOException {
        sample.appendEach(50, 3);
        sample.index.close();
        for (String name : new String[] {"heads.dbk", "positions.dbk"}) {
            byte[] good = Files.readAllBytes(folder.resolve("heads.dbk"));
            deleteMap();
            byte[] damaged = Files.readAllBytes(folder.resolve(name));
            damaged[10] ^= 1;
            Files.write(folder.resolve(name), damaged);
            SampleIndex reader = reading(true);
            assertTrue(reader.index.rebuilt());
            assertEquals(0, reader.index.replayPosition());
            assertEquals(0, reader.index.positions().entries());
            SampleIndex again = again();
            again.open();
            assertTrue(again.index.rebuilt());
            assertEquals(0, again.index.replayPosition());
            assertEquals(0, again.index.positions().entries());
            assertEquals(-1, again.version("account-1"));
            assertFalse(Files.exists(folder.resolve("heads.dbk")), "what cannot be used is deleted");
            again.index.abandon();
            Files.write(folder.resolve("heads.dbk"), good);
        }
    }

    @Test
    void anUntrustedHeadsFileIsNotStartedFrom() throws IOException {
        sample.appendEach(50, 3);
        sample.index.close();
        SampleIndex again = again();
        again.open(false);
        assertEquals(0, again.index.replayPosition());
        again.index.abandon();
    }

    @Test
    void aReaderSeesWhatIsPublishedAndKeepsTheRestInMemory() throws IOException {
        sample.appendEach(50, 3);
        sample.index.flush();
        sample.index.publishHeads();
        SampleIndex reader = reading(true);
        assertFalse(reader.index.rebuilt());
        assertEquals(150, reader.index.replayPosition());
        assertEquals(150, reader.index.watermark());
        assertEquals(SampleIndex.address(150), reader.index.replayAddress());
        assertEquals(149, reader.index.endTimeNs());
        reader.assertComplete();
        for (int i = 0; i < 5000; i++) {
            reader.append("account-" + i % 2000);
        }
        assertFalse(reader.index.isFull());
        reader.index.flush();
        assertEquals(150, reader.index.watermark(), "nothing of a reader goes to disk");
        reader.assertComplete();
        assertFalse(reader.index.headsFileIsDue());
        assertThrows(UnsupportedOperationException.class, reader.index::publishHeads);
        reader.index.abandon();
        reader.assertComplete();
        sample.index.abandon();
    }

    @Test
    void aReaderWithoutAHeadsFileStartsFromNothing() throws IOException {
        sample.appendEach(50, 1);
        sample.index.flush();
        for (SampleIndex reader : new SampleIndex[] {reading(true), reading(false)}) {
            assertTrue(reader.index.rebuilt());
            assertEquals(0, reader.index.replayPosition());
            assertEquals(Long.MIN_VALUE, reader.index.endTimeNs());
            assertEquals(-1, reader.version("account-1"));
        }
        sample.index.publishHeads();
        assertEquals(0, reading(false).index.replayPosition());
        assertEquals(50, reading(true).index.replayPosition());
        sample.index.abandon();
    }

    private List<String> verify(long position, long entities, IndexCheck.HeadCheck check) throws IOException {
        List<String> problems = new ArrayList<>();
        boolean compared = IndexCheck.verify(sample.settings(), position, entities, check, (file, what) -> problems.add(what));
        return compared ? problems : null;
    }

    @Test
    void aClosedIndexIsCompared() throws IOException {
        sample.appendEach(20, 2);
        sample.index.close();
        long[] seen = new long[1];
        IndexCheck.HeadCheck right = (heads, at) -> {
            seen[0]++;
            return Head.version(heads, at) == 1;
        };
        assertEquals(List.of(), verify(40, 20, right));
        assertEquals(20, seen[0]);
        assertEquals(List.of("The index has wrong heads: heads=20"), verify(40, 20, (heads, at) -> false));
        for (List<String> problems : List.of(verify(41, 20, right), verify(40, 21, right))) {
            assertEquals(1, problems.size());
            assertTrue(problems.get(0).contains("another journal: positionInIndex=40"), problems.get(0));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(f -> f.toString().endsWith(".tmp")), "nothing is left behind");
        }
        SampleIndex again = again().open();
        assertFalse(again.index.rebuilt(), "comparing changes nothing");
        again.index.close();
    }

    @Test
    void damageIsToldWhenComparing() throws IOException {
        sample.appendEach(20, 2);
        sample.index.close();
        Path map = folder.resolve("heads-1.map");
        byte[] bytes = Files.readAllBytes(map);
        bytes[bytes.length / 3] ^= 4;
        Files.write(map, bytes);
        assertEquals(List.of("The index's file is damaged"), verify(40, 20, (heads, at) -> true));
    }

    @Test
    void whatIsNotClosedIsNotCompared() throws IOException {
        assertEquals(null, verify(0, 0, (heads, at) -> true), "open and empty");
        sample.append("account-1");
        sample.index.flush();
        assertEquals(null, verify(1, 1, (heads, at) -> true), "open");
        sample.index.close();
        assertEquals(List.of(), verify(1, 1, (heads, at) -> true));
        Files.delete(folder.resolve("watermark.dbk"));
        assertEquals(null, verify(1, 1, (heads, at) -> true), "missing");
        assertFalse(Files.exists(folder.resolve("watermark.dbk")));
        byte[] zeros = new byte[4096];
        Arrays.fill(zeros, (byte) 1);
        Files.write(folder.resolve("watermark.dbk"), zeros);
        assertEquals(null, verify(1, 1, (heads, at) -> true), "damaged");
    }
}
