package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.DaybookException;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Poller;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.TrueSums;
import io.daybook.guarantees.KnownJournal.Left;
import io.daybook.recovery.Verifier;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 9 against an enemy who writes into the files and makes the sums right: whatever lengths, counts, versions, positions and
 * addresses he chooses, there is an answer or an error of the store's, never another exception, a hang, or an allocation that he chose.
 */
@Tag("recovery")
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgedBytesTest extends JournalTest {

    private static final long[] WILD = {0, 1, -1, 7, 11, 12, 0x3FF, 0x7FFF_FFFFL, 0x8000_0000L, 1L << 40, 1L << 56, (1L << 56) - 1,
        1L << 58, 1L << 59, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 3, 0x0101_0101_0101_0101L};
    private static final int COMMIT_HEADER = 28;
    private static final int EVENT_HEADER = 42;

    /** One number in a file, and the sum that covers it: from, length; the sum stands behind. */
    private record Field(String file, int at, int bytes, int from, int length) {
    }

    private static List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        add(fields, "journal.dbk", 12, 16, 0, 76); // another identity or key makes it another journal
        add(fields, "journal.dbk", 48, 76, 0, 76);
        add(fields, "epochs.dbk", 12, 40, 0, 40);
        add(fields, "state.dbk", 16, 32, 16, 16);
        add(fields, "state.dbk", 64, 112, 64, 48);
        for (int record : new int[] {512, 1_024}) {
            add(fields, "index/watermark.dbk", record, record + 120, record, 120);
        }
        add(fields, "index/positions.dbk", 0, 24, 0, 24);
        add(fields, "index/heads.dbk", 8, 96, 0, 96);
        return fields;
    }

    private static void add(List<Field> fields, String file, int from, int to, int summed, int length) {
        for (int at = from; at < to; at += 4) {
            fields.add(new Field(file, at, Math.min(8, to - at), summed, length));
        }
    }

    @Test
    void aNumberInASmallFile() throws Exception {
        KnownJournal journal = KnownJournal.make(temp.resolve("made"), 30);
        long seed = sameSeed("aNumberInASmallFile");
        List<Runnable> all = new ArrayList<>();
        Map<Trial.Outcome, Integer> outcomes = new EnumMap<>(Trial.Outcome.class);
        for (Left left : Left.values()) {
            for (Field field : fields()) {
                for (long wild : WILD) {
                    all.add(() -> {
                        try {
                            journal.putBack(left, folder);
                            forge(folder.resolve(field.file), field, wild);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        outcomes.merge(new Trial(journal, left, folder, "forged " + field + " " + Long.toHexString(wild) + " " + left)
                            .tolerant().run(), 1, Integer::sum);
                    });
                }
            }
        }
        runSome(all, seed, Effort.times(30, Integer.MAX_VALUE));
        System.out.println("numbers forged in small files: " + outcomes);
    }

    private static void forge(Path file, Field field, long wild) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] record = new byte[field.length + 4];
            access.seek(field.from);
            access.readFully(record);
            ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
            if (field.bytes == 8) {
                bytes.putLong(field.at - field.from, wild);
            } else {
                bytes.putInt(field.at - field.from, (int) wild);
            }
            if (!(field.file.equals("state.dbk") && field.from < 64)) {
                TrueSums.behind(record, 0, field.length);
            }
            access.seek(field.from);
            access.write(record);
        }
    }

    @Test
    void aNumberInACommit() throws Exception {
        KnownJournal journal = KnownJournal.make(temp.resolve("made"), 30);
        long seed = sameSeed("aNumberInACommit");
        List<Runnable> all = new ArrayList<>();
        int[] opened = new int[2];
        for (Left left : List.of(Left.CLOSED, Left.STOPPED)) {
            journal.putBack(left, folder);
            List<JournalFiles.Document> commits = KnownJournal.commits(KnownJournal.cycle(folder));
            for (JournalFiles.Document commit : commits) {
                for (int at = 4; at + 8 <= COMMIT_HEADER + EVENT_HEADER; at += 2) {
                    int offset = at;
                    for (long wild : WILD) {
                        all.add(() -> opened[tryForged(journal, left, commit, offset, wild) ? 1 : 0]++);
                    }
                }
            }
        }
        runSome(all, seed, Effort.times(40, 20_000));
        System.out.println("numbers forged in commits: not opened " + opened[0] + ", opened " + opened[1]);
    }

    private static void runSome(List<Runnable> all, long seed, int most) {
        Collections.shuffle(all, new Random(seed));
        List<String> wrong = new ArrayList<>();
        int done = 0;
        for (Runnable one : all.subList(0, Math.min(most, all.size()))) {
            try {
                one.run();
            } catch (AssertionError e) {
                wrong.add(e.getMessage());
            }
            if (++done % 16 == 0) {
                System.gc(); // what a refused open has mapped is released by several collections, one behind the other
            }
        }
        int tried = done;
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + tried + " went wrong, seed=" + seed + ":\n" + String.join("\n", wrong));
    }

    /** True if it was opened. */
    private boolean tryForged(KnownJournal journal, Left left, JournalFiles.Document document, int at, long wild) {
        String what = "commit at " + document.offset() + " offset " + at + " " + Long.toHexString(wild) + " " + left;
        try {
            journal.putBack(left, folder);
            Path cycle = KnownJournal.cycle(folder);
            byte[] commit = new byte[document.length()];
            try (RandomAccessFile access = new RandomAccessFile(cycle.toFile(), "rw")) {
                access.seek(document.offset() + 4);
                access.readFully(commit);
                ByteBuffer bytes = ByteBuffer.wrap(commit).order(ByteOrder.LITTLE_ENDIAN);
                if (wild >>> 16 == 0) {
                    bytes.putShort(at, (short) wild);
                } else {
                    bytes.putLong(at, wild);
                }
                access.seek(document.offset() + 4);
                access.write(TrueSums.ofCommit(commit));
            }
            long allocated = Trial.allocated();
            Verifier.verify(folder, bytes -> { });
            lookAround(true);
            boolean opened = lookAround(false);
            Trial.requireLittle(allocated, what);
            return opened;
        } catch (IOException | RuntimeException e) {
            throw new AssertionError("not an error of the store's: " + what + ": " + e + at(e), e);
        }
    }

    private static String at(Throwable thrown) {
        return thrown.getStackTrace().length == 0 ? "" : " at " + thrown.getStackTrace()[0];
    }

    /** Every kind of read, and an append. An error of the store's is an answer. */
    private boolean lookAround(boolean readOnly) {
        try (EventStore store = readOnly ? EventStore.openReadOnly(folder, KnownJournal.settings())
            : EventStore.open(folder, KnownJournal.settings())) {
            TreeSet<String> names = new TreeSet<>(KnownJournal.ENTITIES);
            read(() -> store.readAll(StartFrom.beginning(), Filter.all()), names);
            read(() -> store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().reversed()), names);
            read(() -> store.readAll(StartFrom.after(5), Filter.all().type("Happened")), names);
            read(() -> store.readAll(StartFrom.time(System.currentTimeMillis() * 500_000), Filter.all()), names);
            for (String name : new TreeSet<>(names)) {
                read(() -> store.read(name), names);
                read(() -> store.read(name, ReadRange.all().reversed().from(1)), names);
                read(() -> store.read(name, ReadRange.all().toPosition(5)), names);
                if (!readOnly) {
                    append(store, name);
                }
            }
            return true;
        } catch (DaybookException e) {
            return false;
        }
    }

    private static void read(java.util.function.Supplier<Cursor> open, TreeSet<String> names) {
        try (Cursor cursor = open.get()) {
            for (int i = 0; i < 1_000 && cursor.next(); i++) {
                names.add(cursor.event().copy().entity());
            }
        } catch (DaybookException e) {
            assertTrue(e.getMessage().length() > 10, "it says what is wrong");
        }
    }

    private static void append(EventStore store, String name) {
        try {
            store.append(name, Expected.any(), Events.numbered(name.hashCode()));
            store.append(name, Expected.exactly(store.version(name)), Events.event("After", "x"));
        } catch (DaybookException e) {
            assertTrue(e.getMessage().length() > 10, "it says what is wrong");
        }
    }

    /** A checkpoint is refused, or the subscription skips nothing. */
    @Test
    void aNumberInACheckpoint() throws Exception {
        KnownJournal journal = KnownJournal.make(temp.resolve("made"), 30);
        Path file = folder.resolve("followers/" + KnownJournal.FOLLOWER + ".dbk");
        List<Field> fields = new ArrayList<>();
        add(fields, "checkpoint", 64, 100, 64, 36);
        add(fields, "checkpoint", 128, 164, 128, 36);
        add(fields, "checkpoint", 0, 16, 0, 16);
        add(fields, "checkpoint", 192, 200, 192, 8);
        List<Runnable> all = new ArrayList<>();
        int[] went = new int[2];
        journal.putBack(Left.CLOSED, folder);
        try (EventStore store = EventStore.open(folder, KnownJournal.settings())) {
            for (Field field : fields) {
                for (long wild : WILD) {
                    all.add(() -> went[follows(store, journal, file, field, wild) ? 1 : 0]++);
                }
            }
            runSome(all, sameSeed("aNumberInACheckpoint"), Effort.times(150, Integer.MAX_VALUE));
        }
        System.out.println("numbers forged in a checkpoint: refused " + went[0] + ", went on " + went[1]);
        assertTrue(went[0] > 0 && went[1] > 0);
    }

    private boolean follows(EventStore store, KnownJournal journal, Path file, Field field, long wild) {
        List<String> seen = new ArrayList<>();
        long allocated = Trial.allocated();
        try {
            Path name = folder.relativize(file);
            for (Map.Entry<Long, byte[]> block : journal.kept(Left.CLOSED).contents().get(name).entrySet()) {
                Damages.write(file, block.getKey(), block.getValue());
            }
            forge(file, field, wild);
            try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).named(KnownJournal.FOLLOWER),
                event -> seen.add(Events.line(event.copy())))) {
                while (poller.poll(100) > 0) {
                    continue;
                }
            }
        } catch (DaybookException | IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("file="), () -> field + " " + wild + ": " + e.getMessage());
            return false;
        } catch (Exception e) {
            throw new AssertionError("not an error of the store's: " + field + " " + Long.toHexString(wild) + ": " + e, e);
        }
        Trial.requireLittle(allocated, field + " " + wild);
        assertTrue(seen.size() <= journal.everything.size(), field + " " + wild);
        assertEquals(journal.everything.subList(journal.everything.size() - seen.size(), journal.everything.size()), seen);
        return true;
    }
}
