package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Cursor;
import io.daybook.DaybookException;
import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalDamagedException;
import io.daybook.Poller;
import io.daybook.ReadRange;
import io.daybook.RecoveryReport;
import io.daybook.StartFrom;
import io.daybook.UnsupportedFormatException;
import io.daybook.guarantees.KnownJournal.Left;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Opens a damaged journal, looks at everything in it, appends, and opens it again: whatever the damage, what is handed out is what was
 * written, or an error says where it is not.
 */
final class Trial {

    /** What became of the damage. */
    enum Outcome {
        /** Open refused, and named file and offset. */
        REFUSED,
        /** Open was well, a read or a follower named file and offset. */
        REPORTED,
        /** Reads were well, an append was refused and wrote nothing. */
        APPEND_REFUSED,
        /** Events that were not forced are gone, and open said so. */
        CUT,
        /** Everything that was written was read. */
        HARMLESS
    }

    private static final long MOST_ALLOCATED = 96L << 20;

    private final KnownJournal journal;
    private final Left left;
    private final Path folder;
    private final String what;
    private List<String> expected;
    private int damagedReads;
    private boolean followerReported;
    private boolean appendRefused;
    private boolean forged;
    private RecoveryReport report;
    private RuntimeException refusal;

    Trial(KnownJournal journal, Left left, Path folder, String what) {
        this.journal = journal;
        this.left = left;
        this.folder = folder;
        this.what = what;
        expected = journal.everything;
    }

    /** Somebody forged a sum: the position that is known to be durable may be anything, and a journal that says it is closed may not be. */
    Trial tolerant() {
        forged = true;
        return this;
    }

    /** Does it all. */
    Outcome run() {
        long allocated = allocated();
        asAReader();
        try (EventStore store = EventStore.open(folder, KnownJournal.settings())) {
            report = store.recovery();
            readEverything(store);
            follow(store);
            goOn(store);
            requireLittle(allocated, what);
        } catch (JournalDamagedException e) {
            assertNames(e);
            refusal = e;
            return Outcome.REFUSED;
        } catch (UnsupportedFormatException e) {
            assertTrue(e.getMessage().matches("(?s).*(file|folder)=.*"), what + ": " + e.getMessage());
            refusal = e;
            return Outcome.REFUSED;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("not a report of damage: " + what + ": " + e, e);
        }
        again();
        if (damagedReads > 0 || followerReported) {
            return Outcome.REPORTED;
        }
        if (appendRefused) {
            return Outcome.APPEND_REFUSED;
        }
        return report.endPosition() == journal.everything.size() ? Outcome.HARMLESS : Outcome.CUT;
    }

    /** What was read did not choose how much this thread has allocated since. */
    static void requireLittle(long since, String what) {
        long bytes = allocated() - since;
        assertTrue(bytes < MOST_ALLOCATED, () -> what + ": allocated=" + bytes);
    }

    /** Bytes that this thread has allocated. */
    static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
            .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Another process that reads, while nobody owns the journal: it may take damage for the end, but sees nothing wrong. */
    private void asAReader() {
        try (EventStore reader = EventStore.openReadOnly(folder, KnownJournal.settings())) {
            beginningOrDamaged(journal.everything, () -> reader.readAll(StartFrom.beginning(), Filter.all()));
            for (String entity : KnownJournal.ENTITIES) {
                beginningOrDamaged(journal.streams.get(entity), () -> reader.read(entity));
                assertTrue(reader.version(entity) < journal.streams.get(entity).size(), what);
            }
        } catch (JournalDamagedException e) {
            assertNames(e);
        } catch (UnsupportedFormatException e) {
            assertTrue(e.getMessage().matches("(?s).*(file|folder)=.*"), what + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            throw new AssertionError("not a report of damage to a reader: " + what + ": " + e, e);
        }
    }

    private void beginningOrDamaged(List<String> written, Supplier<Cursor> read) {
        List<String> got = new ArrayList<>();
        isWhole(read, got);
        assertEquals(written.subList(0, Math.min(got.size(), written.size())), got, () -> what + ", a reader");
    }

    /** The subscription that had seen what was forced goes on there, begins again, or reports the damage. */
    private void follow(EventStore store) {
        List<Long> positions = new ArrayList<>();
        try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).named(KnownJournal.FOLLOWER),
                event -> positions.add(event.position()))) {
            while (poller.poll(100) > 0) {
                continue;
            }
        } catch (JournalDamagedException e) {
            assertNames(e);
            followerReported = true;
            return;
        } catch (EpochException e) {
            assertTrue(forged, () -> what + ": " + e); // a forged epoch makes a checkpoint one of a lost future
            followerReported = true;
            return;
        } catch (Exception e) {
            throw new AssertionError("not a report of damage to a follower: " + what, e);
        }
        long first = positions.isEmpty() ? store.endPosition() : positions.get(0);
        assertTrue(first == 0 || first == KnownJournal.FORCED, () -> what + ", a follower begins at " + first);
        assertEquals(LongStream.range(first, store.endPosition()).boxed().toList(), positions, () -> what + ", a follower");
    }

    private void readEverything(EventStore store) {
        int end = (int) store.endPosition();
        if (left == Left.STOPPED || forged) {
            assertTrue(end >= KnownJournal.FORCED && end <= expected.size(), what + ": what was forced is there: end=" + end);
        } else {
            assertEquals(expected.size(), end, what);
        }
        expected = new ArrayList<>(expected.subList(0, end));
        ReadRange backwards = ReadRange.all().reversed();
        rightOrDamaged(expected, () -> store.readAll(StartFrom.beginning(), Filter.all()));
        rightOrDamaged(reversed(expected), () -> store.readAll(StartFrom.beginning(), Filter.all(), backwards));
        rightOrDamaged(expected.subList(4, end), () -> store.readAll(StartFrom.after(3), Filter.all()));
        for (String entity : KnownJournal.ENTITIES) {
            List<String> lines = expected.stream().filter(line -> line.contains(" " + entity + "@")).toList();
            assertEquals(lines.size() - 1, store.version(entity), what + " " + entity);
            rightOrDamaged(lines, () -> store.read(entity));
            rightOrDamaged(reversed(lines), () -> store.read(entity, backwards));
        }
        assertEquals(-1, store.version("nobody"), what);
    }

    private static List<String> reversed(List<String> list) {
        List<String> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    private void rightOrDamaged(List<String> wanted, Supplier<Cursor> read) {
        List<String> got = new ArrayList<>();
        if (isWhole(read, got)) {
            assertEquals(wanted, got, what);
        } else {
            damagedReads++;
            assertEquals(wanted.subList(0, Math.min(got.size(), wanted.size())), got, what);
        }
    }

    /** Adds what is handed out; false if it ended with a report of damage. */
    private boolean isWhole(Supplier<Cursor> read, List<String> got) {
        try (Cursor cursor = read.get()) {
            while (cursor.next()) {
                got.add(Events.line(cursor.event().copy()));
            }
            return true;
        } catch (JournalDamagedException e) {
            assertNames(e);
            return false;
        }
    }

    private void assertNames(JournalDamagedException e) {
        assertTrue(e.file().startsWith(folder.toString()) && e.offset() >= 0 && e.getMessage().contains("offset=" + e.offset()),
            what + ": " + e.getMessage());
    }

    /** An append to each entity that is known and to a new one. Where reads meet damage, an append may, too. */
    private void goOn(EventStore store) {
        List<String> entities = new ArrayList<>(KnownJournal.ENTITIES);
        entities.add("new-1");
        for (String entity : entities) {
            long version = store.version(entity);
            try {
                AppendResult result = store.append(entity, Expected.exactly(version), List.of(Events.event("After", entity)),
                    Durability.DISK);
                assertEquals(expected.size(), result.firstPosition(), what);
                try (Cursor cursor = store.readAll(StartFrom.after(result.firstPosition() - 1), Filter.all())) {
                    assertTrue(cursor.next(), what);
                    assertEquals("After", cursor.event().type());
                    assertEquals(version + 1, cursor.event().version(), what);
                    expected.add(Events.line(cursor.event().copy()));
                }
            } catch (IllegalArgumentException e) {
                if (!forged) {
                    throw e;
                }
                appendRefused = true; // a forged limit is the journal's own
                return;
            } catch (DaybookException e) {
                if (damagedReads == 0 && what.contains("Chronicle's pages")) {
                    appendRefused = true; // Chronicle's own idea of the end is wrong: whoever appends meets it first
                    return;
                }
                if (damagedReads == 0) {
                    throw new AssertionError("reads met no damage, but an append did: " + what, e);
                }
                expected = null; // what is behind damage cannot be told from here
                return;
            }
        }
    }

    private void again() {
        if (expected == null) {
            return;
        }
        int damagedBefore = damagedReads;
        try (EventStore store = EventStore.open(folder, KnownJournal.settings())) {
            assertTrue(appendRefused || store.recovery().cleanlyClosed(), () -> what + ": " + store.recovery());
            assertEquals(expected.size(), store.endPosition(), what);
            rightOrDamaged(expected, () -> store.readAll(StartFrom.beginning(), Filter.all()));
        } catch (JournalDamagedException e) {
            assertTrue(damagedBefore > 0, () -> what + ": the second open refuses, the first did not: " + e.getMessage());
            assertNames(e);
        } catch (RuntimeException e) {
            throw new AssertionError("not a report of damage: " + what, e);
        }
        assertTrue(damagedBefore > 0 || damagedReads == 0, () -> what + ": damage was met only the second time");
    }

    /** What open said, in the words of the table in RELIABILITY.md. */
    String said() {
        if (refusal instanceof JournalDamagedException e) {
            return "JournalDamagedException file=" + folder.relativize(Path.of(e.file())) + " offset=" + e.offset() + " " + e.getMessage();
        }
        if (refusal != null) {
            return refusal.getClass().getSimpleName() + " " + refusal.getMessage().replace(folder + "/", "");
        }
        return "cleanlyClosed=" + report.cleanlyClosed() + " machineStopped=" + report.machineStopped() + " newEpoch=" + report.newEpoch()
            + " indexRebuilt=" + report.indexRebuilt() + " setAside=" + report.setAside().size() + " endPosition=" + report.endPosition()
            + " damagedReads=" + (damagedReads > 0);
    }
}
