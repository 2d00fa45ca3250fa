package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalFiles;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.journal.CheckpointFile;
import io.daybook.machine.Load.Knob;
import io.daybook.recovery.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Opens the journals in photographs of a disk, compares them with what was told before the cut, and counts. */
final class CutJournal {

    /** So long may the longest force take on a busy machine: what the background interval cannot help. */
    static final long FORCE_NS = 2_000_000_000L;
    private static final String CHECKPOINT = "followers/totals.dbk";
    /** No categories and no types. */
    private static final int EMPTY_FILTER_BYTES = 8;

    /**
     * When the power went: some time between two moments, by {@code System.nanoTime()}.
     *
     * @param beginNs before
     * @param endNs   after
     */
    record Moment(long beginNs, long endNs) {
    }

    /** What there was to count. */
    static final class Figures {
        int cuts;
        int cutsThatLost;
        int lostOnDisk;
        int refusedCheckpoints;
        int keptCheckpoints;
        int highestEpoch;
        long acknowledgedOnDisk;
        long acknowledged;
        long lostEvents;
        long oldestLostNs;
        long oldestLostWithIntervalNs;
        int cutsWithInterval;

        @Override
        public String toString() {
            return "power cuts: " + cuts + " (" + cutsThatLost + " lost something, " + cutsWithInterval
                + " with an interval); acknowledged " + acknowledged + " commits, on DISK " + acknowledgedOnDisk + "; lost on DISK "
                + lostOnDisk + "; events of PROCESS lost " + lostEvents + ", oldest " + oldestLostNs / 1_000_000 + " ms, with an interval "
                + oldestLostWithIntervalNs / 1_000_000 + " ms; highest epoch " + highestEpoch
                + "; checkpoints refused " + refusedCheckpoints + ", kept " + keptCheckpoints;
        }
    }

    private final Figures figures = new Figures();
    private final Told past = new Told();
    private int epoch;
    private int recovered;
    private long countedNs;

    Figures figures() {
        return figures;
    }

    /** A new journal. */
    void begin() {
        past.cutOff(0);
        epoch = 1;
    }

    /** Checks the journal in the photograph, and leaves it closed, with something appended; {@code live} is the one that goes on. */
    long check(Path folder, Path live, WriterProcess writer, Moment cut) throws Exception {
        figures.cuts++;
        List<Told.Acknowledged> told = new ArrayList<>(past.commits());
        List<Told.Acknowledged> news = writer.before(cut.beginNs);
        told.addAll(news);
        CheckpointFile.Place photographed = place(folder.resolve(CHECKPOINT));
        long end;
        Contents contents;
        try (EventStore store = EventStore.open(folder, writer.load().settings())) {
            recovered = store.id().epoch();
            assertTrue(store.recovery().newEpoch() || news.isEmpty(), () -> "nobody noticed: " + store.recovery());
            assertEquals(store.recovery().newEpoch(), store.recovery().machineStopped());
            assertEquals(store.recovery().newEpoch() ? epoch + 1 : epoch, recovered);
            contents = Contents.read(store, writer.load());
            end = contents.end();
            assertEquals(end, store.endPosition());
            count(news, end, cut, writer);
            Told.assertThere(told, contents, Durability.DISK);
            long durable = writer.durableBefore(cut.beginNs);
            assertTrue(durable <= end, "durable before the cut: " + durable + " end=" + end);
            contents.assertHeadsFit(store);
            if (photographed != null) {
                follow(store, "totals", photographed, end);
            }
            goOn(store, end);
        }
        reopen(folder, live, writer, end);
        return end;
    }

    /** The journal in the photograph, recovered up to this position, is the past of the next writer. */
    void goOnFrom(WriterProcess writer, long end) {
        past.add(writer.before(Long.MAX_VALUE));
        past.cutOff(end);
        epoch = recovered;
    }

    private void count(List<Told.Acknowledged> news, long end, Moment cut, WriterProcess writer) {
        List<Told.Acknowledged> lost = Told.lost(news, end);
        long oldestNs = lost.stream().mapToLong(commit -> cut.endNs - commit.timeNs()).max().orElse(0);
        long intervalNs = writer.load().get(Knob.INTERVAL_MS) * 1_000_000;
        figures.cutsThatLost += lost.isEmpty() ? 0 : 1;
        figures.lostEvents += lost.stream().mapToLong(commit -> commit.end() - commit.position()).sum();
        figures.oldestLostNs = Math.max(figures.oldestLostNs, oldestNs);
        figures.lostOnDisk += (int) lost.stream().filter(commit -> commit.rung() == Durability.DISK).count();
        if (intervalNs > 0) {
            figures.cutsWithInterval++;
            figures.oldestLostWithIntervalNs = Math.max(figures.oldestLostWithIntervalNs, oldestNs);
            assertTrue(oldestNs <= intervalNs + FORCE_NS, () -> "lost and " + oldestNs + " ns old, in spite of the interval");
        }
        List<Told.Acknowledged> since = news.stream().filter(commit -> commit.timeNs() >= countedNs).toList();
        figures.acknowledged += since.size();
        figures.acknowledgedOnDisk += since.stream().filter(commit -> commit.rung() == Durability.DISK).count();
        countedNs = cut.beginNs;
    }

    private static CheckpointFile.Place place(Path file) throws IOException {
        return Files.exists(file) ? CheckpointFile.open(file).read() : null;
    }

    /** A checkpoint that lies in what was lost is refused, and one that does not goes on where it was. */
    private void follow(EventStore store, String name, CheckpointFile.Place place, long end) throws Exception {
        Follow follow = Follow.from(StartFrom.beginning()).named(name);
        if (place.position() >= lostFrom(place, end)) {
            assertThrows(EpochException.class, () -> store.poller(follow, event -> { }), () -> name + " " + place);
            figures.refusedCheckpoints++;
            return;
        }
        List<Long> positions = new ArrayList<>();
        try (Poller poller = store.poller(follow, event -> positions.add(event.position()))) {
            while (poller.poll(1_000) > 0) {
                continue;
            }
        }
        assertEquals(LongStream.range(place.position() + 1, store.endPosition()).boxed().toList(), positions);
        figures.keptCheckpoints++;
    }

    /** Of the epoch that the cut ended, all behind the end was lost; of an older one nothing more. */
    private long lostFrom(CheckpointFile.Place place, long end) {
        return place.epoch() == epoch ? end : Long.MAX_VALUE;
    }

    private void goOn(EventStore store, long end) {
        figures.highestEpoch = Math.max(figures.highestEpoch, store.id().epoch());
        for (int i = 0; i < 3; i++) {
            AppendResult result = store.append("after", Expected.exactly(store.version("after")),
                List.of(Events.event("After", "cut " + i)), i == 1 ? Durability.DISK : Durability.PROCESS);
            assertEquals(end + i, result.firstPosition());
        }
    }

    /** Also checkpoints that nobody forced but a subscriber had: the live one, and those just before and behind what was lost. */
    private void reopen(Path folder, Path live, WriterProcess writer, long end) throws Exception {
        Path followers = Files.createDirectories(folder.resolve("followers"));
        Files.deleteIfExists(folder.resolve(CHECKPOINT));
        if (Files.exists(live.resolve(CHECKPOINT))) {
            Files.copy(live.resolve(CHECKPOINT), folder.resolve(CHECKPOINT));
        }
        try (EventStore store = EventStore.open(folder, writer.load().settings())) {
            assertTrue(store.recovery().cleanlyClosed());
            Contents contents = Contents.read(store, writer.load());
            assertEquals(end + 3, contents.end());
            contents.assertHeadsFit(store);
            if (store.id().epoch() > epoch) {
                CheckpointFile.Place saved = place(folder.resolve(CHECKPOINT));
                if (saved != null) {
                    follow(store, "totals", saved, end);
                }
                for (long position = end - 1; position <= end; position++) {
                    CheckpointFile.Place place = new CheckpointFile.Place(store.id().identity(), epoch, position);
                    CheckpointFile.create(followers.resolve("by-hand.dbk"), new byte[EMPTY_FILTER_BYTES], place);
                    follow(store, "by-hand", place, end);
                }
            }
        }
        assertEquals(List.of(), Verifier.verify(folder, bytes -> { }).problems());
        JournalFiles.delete(followers);
    }
}
