package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.UnsupportedFormatException;
import io.daybook.journal.CheckpointFile;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A checkpoint that does not fit the journal stops with an error: none is skipped over, and none is taken for a fresh start. */
class CheckpointTest extends JournalTest {

    private static final Follow NAMED = Follow.from(StartFrom.beginning()).named("totals");

    private JournalFolder files() {
        return new JournalFolder(folder);
    }

    private Path checkpoint() {
        return files().followerFile("totals");
    }

    private void follow(int events) throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < events; i++) {
                store.append("entity", Expected.any(), Events.numbered(i));
            }
            try (Poller poller = store.poller(NAMED, event -> { })) {
                assertEquals(events, poller.poll(Integer.MAX_VALUE));
            }
        }
    }

    /** Where it would go on. */
    private long start() {
        try (EventStore store = EventStore.open(folder, small()); Poller poller = store.poller(NAMED, event -> { })) {
            return poller.position();
        }
    }

    private void put(UUID identity, int epoch, long position) throws IOException {
        Files.deleteIfExists(checkpoint());
        CheckpointFile.create(checkpoint(), new byte[8], new CheckpointFile.Place(identity, epoch, position));
    }

    private String refused() {
        return assertThrows(EpochException.class, this::start).getMessage();
    }

    @Test
    void aBitThatFlippedIsNoticedOrDoesNoHarm() throws Exception {
        follow(12);
        assertEquals(11, start());
        byte[] whole = Files.readAllBytes(checkpoint());
        int damaged = 0;
        for (int offset = 0; offset < whole.length; offset++) {
            JournalFiles.flip(checkpoint(), offset, 1 << offset % 8);
            try {
                long position = start();
                assertTrue(position == 11 || position == 10, "offset=" + offset + " position=" + position);
                damaged += position == 10 ? 1 : 0;
            } catch (JournalDamagedException e) {
                assertTrue(e.getMessage().contains("totals.dbk") && e.getMessage().contains("checkpoint"), e.getMessage());
                damaged++;
            } catch (UnsupportedFormatException e) {
                assertTrue(offset >= 8 && offset < 12, "offset=" + offset);
            }
            Files.write(checkpoint(), whole);
        }
        assertTrue(damaged >= 8 + 40 + 16, "damage that was noticed: " + damaged);
    }

    @Test
    void aFileWithoutARecordIsDamagedAndNotNew() throws Exception {
        follow(12);
        byte[] whole = Files.readAllBytes(checkpoint());
        for (int length : List.of(0, 1, 64, whole.length - 1)) {
            Files.write(checkpoint(), Arrays.copyOf(whole, length));
            assertThrows(JournalDamagedException.class, this::start, "length=" + length);
        }
        Files.write(checkpoint(), new byte[whole.length]);
        assertThrows(JournalDamagedException.class, this::start);
        byte[] withoutRecords = whole.clone();
        Arrays.fill(withoutRecords, 64, 192, (byte) 0);
        Files.write(checkpoint(), withoutRecords);
        assertThrows(JournalDamagedException.class, this::start);
        Files.write(checkpoint(), Arrays.copyOf(whole, whole.length + 1));
        assertThrows(JournalDamagedException.class, this::start);
        Files.delete(checkpoint());
        assertEquals(-1, start(), "without the file the name is new");
    }

    @Test
    void aRecordThatWasCutOffLeavesTheOneBefore() throws Exception {
        follow(12);
        byte[] whole = Files.readAllBytes(checkpoint());
        long sum = 0;
        for (int slot = 0; slot < 2; slot++) {
            byte[] cut = whole.clone();
            Arrays.fill(cut, 64 + slot * 64 + 20, 64 + slot * 64 + 64, (byte) 0);
            Files.write(checkpoint(), cut);
            sum += start();
        }
        assertEquals(10 + 11, sum);
    }

    @Test
    void ofAnotherJournal() throws Exception {
        follow(12);
        byte[] other = Files.readAllBytes(checkpoint());
        JournalFiles.delete(folder);
        follow(20);
        Files.write(checkpoint(), other);
        String refusal = refused();
        assertTrue(refusal.contains("another journal") && refusal.contains("position=11"), refusal);
        assertEquals(refusal, refused(), "nothing was changed by the refusal");
    }

    /** Whoever polls on after the error meets the same commit: it is not passed over, and nothing behind it is saved. */
    @Test
    void aDamagedCommitStaysWhereItIs() throws Exception {
        try (EventStore store = EventStore.open(folder, small()); Poller poller = store.poller(NAMED, event -> { })) {
            for (int i = 0; i < 6; i++) {
                store.append("entity", Expected.any(), Events.numbered(i), Events.numbered(100 + i));
            }
            Path cycle = JournalFiles.cycles(folder).get(0);
            JournalFiles.Document third = JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList().get(2);
            JournalFiles.flip(cycle, third.offset() + 90, 1);
            assertEquals(4, poller.poll(4));
            for (int i = 0; i < 3; i++) {
                assertThrows(JournalDamagedException.class, () -> poller.poll(10));
                assertEquals(3, poller.position());
            }
            JournalFiles.flip(cycle, third.offset() + 90, 1);
            assertEquals(8, poller.poll(10), "it is met again, not passed over");
        }
    }

    @Test
    void behindTheEnd() throws Exception {
        follow(12);
        UUID identity = identity();
        put(identity, 1, 12);
        assertTrue(refused().contains("behind the journal's end"), refused());
        put(identity, 2, 3);
        assertTrue(refused().contains("behind the journal's end"), "an epoch that is not known");
        put(identity, 1, 11);
        assertEquals(11, start());
    }

    /** Positions 5 to 11 were given out anew after a stop of the machine: whoever saw the old ones must not go on as if they were these. */
    @Test
    void ofEventsThatWereLost() throws Exception {
        follow(12);
        UUID identity = identity();
        EpochFile.write(files(), List.of(new EpochFile.Epoch(1, 0, 1), new EpochFile.Epoch(2, 5, 2), new EpochFile.Epoch(3, 9, 3)));
        put(identity, 1, 5);
        String refusal = refused();
        assertTrue(refusal.contains("lost") && refusal.contains("position=5 epoch=1") && refusal.contains("epochEnd=5"), refusal);
        put(identity, 2, 9);
        assertTrue(refused().contains("epochEnd=9"));
        for (int epoch = 1; epoch <= 3; epoch++) {
            long last = List.of(4L, 8L, 11L).get(epoch - 1);
            put(identity, epoch, last);
            assertEquals(last, start());
        }
    }

    private UUID identity() {
        try (EventStore store = EventStore.open(folder, small())) {
            return store.id().identity();
        }
    }
}
