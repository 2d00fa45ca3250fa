package io.daybook.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalId;
import io.daybook.ModelStore;
import io.daybook.NewEvent;
import io.daybook.RecoveryReport;
import io.daybook.StoreClosedException;
import io.daybook.StoreSettings;
import io.daybook.StoreStats;
import io.daybook.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The folder of a journal, the store that owns it, a store that reads beside it, and how the owner's lives begin and end. */
final class Ground {

    private static final long LOOK_NS = 50_000;

    final TestClock clock = new TestClock();

    private final Random random;
    private final ModelStore model;
    private final Path temp;
    private Path folder;
    private StoreSettings settings;
    private EventStore owner;
    private EventStore reader;
    private ModelClock modelClock;
    private JournalId id;
    private int window = Integer.MAX_VALUE;
    private int folders;

    Ground(Random random, ModelStore model, Path temp) {
        this.random = random;
        this.model = model;
        this.temp = temp;
        folder = temp.resolve("journal-0");
    }

    EventStore owner() {
        return owner;
    }

    EventStore reader() {
        return reader;
    }

    ModelClock modelClock() {
        return modelClock;
    }

    Path folder() {
        return folder;
    }

    /** Opens with settings that may differ from the last time's. */
    void open() {
        window = Math.min(window, 1 << random.nextInt(12)); // a larger one could hold an id twice that was given twice beyond the smaller
        long bound = random.nextBoolean() ? 3_600_000_000_000L : 1 + random.nextInt(1_000_000_000);
        settings = StoreSettings.create().cycleBytes(1 << 20).maxPayloadBytes(1 << 16).headTableBytes(1 << 18 + random.nextInt(2));
        settings.indexCapacity(64 << random.nextInt(4)).flushEvents(1 + random.nextInt(random.nextBoolean() ? 30 : 3_000));
        settings.headsFileEvents(1 + random.nextInt(1_000)).idWindowEvents(window).clockJumpBoundNs(bound).clock(clock);
        owner = EventStore.open(folder, settings);
        model.idWindowEvents(window);
        long end = model.endPosition();
        modelClock = new ModelClock(clock, bound, end == 0 ? Long.MIN_VALUE : model.event(end - 1).timeNs());
        if (id != null) {
            assertEquals(id.identity(), owner.id().identity());
        }
        assertEquals(model.endPosition(), owner.endPosition());
        assertEquals(model.endPosition(), owner.recovery().endPosition());
    }

    void openReader() {
        reader = EventStore.openReadOnly(folder, StoreSettings.create());
    }

    /** Closes, and opens again; nothing is to be recovered then. */
    void closeAndOpen() throws IOException {
        EventStore old = owner;
        close();
        assertThrows(StoreClosedException.class, () -> old.append("x", Expected.any(), NewEvent.json("T", "{}")));
        if (random.nextInt(4) == 0) {
            JournalFiles.delete(folder.resolve(JournalFiles.INDEX));
        }
        open();
        assertTrue(owner.recovery().cleanlyClosed());
        assertEquals(id.epoch(), owner.id().epoch());
        assertEquals(model.endPosition(), owner.endPosition(Durability.DISK), "a clean close forces everything");
    }

    private void close() {
        id = owner.id();
        owner.close();
        owner = null;
    }

    /**
     * The owner is killed, or the machine stops; a copy of what is left then is opened. Answers where the journal ends: not before what was
     * forced, and where the bytes that are left end.
     */
    long crash(boolean machineStops, long forced) throws IOException {
        Crash crash = leave();
        assertTrue(crash.durable() >= forced, () -> "durable=" + crash.durable() + " forced=" + forced);
        long before = model.endPosition();
        long end = machineStops ? crash.stopMachine().end() : crash.kill().end();
        assertTrue(end >= forced && end <= before && (machineStops || end == before), () -> "end=" + end + " of=" + before);
        assertTrue(end == before || model.event(end).commitPosition() == end, () -> "in a commit: end=" + end);
        folder = temp.resolve("journal-" + ++folders);
        crash.putDown(folder);
        if (random.nextInt(6) == 0) {
            JournalFiles.delete(folder.resolve(JournalFiles.INDEX));
        }
        model.cutTo(end);
        if (random.nextInt(3) == 0) {
            readBeforeRecovery(end, machineStops);
        }
        open();
        RecoveryReport report = owner.recovery();
        assertFalse(report.cleanlyClosed(), report::toString);
        assertEquals(machineStops, report.machineStopped(), report::toString);
        assertEquals(machineStops, report.newEpoch(), report::toString);
        assertEquals(id.epoch() + (machineStops ? 1 : 0), owner.id().epoch());
        return end;
    }

    /** Nobody has cut off what is torn yet, and who only reads cannot tell it from damage. */
    private void readBeforeRecovery(long end, boolean mayBeTorn) {
        try {
            openReader();
            assertEquals(end, reader.endPosition(), "read before the recovery");
        } catch (JournalDamagedException e) {
            assertTrue(mayBeTorn, e::toString);
        }
    }

    /** Copies the files, then ends the old owner, and the reader, for good. */
    private Crash leave() throws IOException {
        Crash crash = null;
        while (crash == null) {
            crash = copy();
        }
        close();
        closeReader();
        JournalFiles.delete(folder);
        return crash;
    }

    /** The files are copied one after the other, and a kill leaves all as they are at once: null if the index changed meanwhile. */
    private Crash copy() throws IOException {
        try {
            String index = quietIndex();
            Crash crash = new Crash(folder, random);
            return index.equals(quietIndex()) ? crash : null;
        } catch (NoSuchFileException | UncheckedIOException e) {
            return null; // a file was replaced
        }
    }

    private String quietIndex() throws IOException {
        StoreStats stats = owner.stats();
        while (stats.endPosition() - stats.indexWatermark() >= settings.flushEvents()) {
            LockSupport.parkNanos(LOOK_NS); // a look lists the folder, and the flush needs a core
            stats = owner.stats();
        }
        StringBuilder index = new StringBuilder(String.valueOf(stats.indexWatermark()));
        for (Path file : JournalFiles.files(folder.resolve(JournalFiles.INDEX))) {
            index.append(' ').append(file).append(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        }
        return index.toString();
    }

    void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** The end of all. */
    void end() throws IOException {
        closeReader();
        if (owner != null) {
            close();
        }
        JournalFiles.delete(folder);
    }
}
