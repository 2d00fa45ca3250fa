package io.daybook.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/** What a recording of the JDK's flight recorder holds of a store. */
class FlightEventsTest extends JournalTest {

    private static final String APPEND = "io.daybook.Append";
    private static final String FORCE = "io.daybook.Force";
    private static final String ROLL = "io.daybook.Roll";
    private static final String FLUSH = "io.daybook.Flush";
    private static final NewEvent EVENT = NewEvent.json("T", "{}");

    /** Uses the journal named first where the recorder is missing. */
    static final class Trimmed {
        private Trimmed() {
        }

        public static void main(String[] arguments) {
            boolean present = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
            try (EventStore store = EventStore.open(Path.of(arguments[0]), small())) {
                int files = rollAndForce(store);
                System.out.println("recorder=" + present + " files=" + files);
            }
        }
    }

    /** Appends until a second file is begun, and forces; answers the number of files. */
    private static int rollAndForce(EventStore store) {
        long version = -1;
        while (store.stats().cycleFiles() < 2) {
            version = store.append("large", Expected.exactly(version), NewEvent.of("T", new byte[100_000])).version();
        }
        store.append("small", Expected.absent(), List.of(EVENT), Durability.DISK);
        return store.stats().cycleFiles();
    }

    private List<RecordedEvent> record(Recording recording, Runnable work) throws IOException {
        Path file = temp.resolve("recording.jfr");
        try (recording) {
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        return events.stream().filter(e -> e.getEventType().getCategoryNames().equals(List.of("Daybook"))).toList();
    }

    private static Recording everything() {
        Recording recording = new Recording();
        for (String name : List.of(APPEND, FORCE, ROLL, FLUSH)) {
            recording.enable(name).withThreshold(Duration.ZERO);
        }
        return recording;
    }

    private List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found = events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
        for (RecordedEvent event : found) {
            assertEquals(folder.toString(), event.getString("journal"));
            assertTrue(event.getDuration().toNanos() >= 0, event::toString);
        }
        return found;
    }

    @Test
    void everyAppendIsRecordedWithWhatCameOfIt() throws IOException {
        NewEvent named = EVENT.withId(new UUID(1, 2));
        List<RecordedEvent> events = record(everything(), () -> {
            try (EventStore store = EventStore.open(folder)) {
                store.append("a", Expected.absent(), EVENT, EVENT, named);
                store.commit(Commit.create().expect("c", Expected.absent()).append("a", EVENT).append("b", EVENT), Durability.DISK);
                store.append("a", Expected.absent(), EVENT, EVENT, named.withId(new UUID(1, 3)));
            } catch (ConflictException e) {
                assertEquals(3, e.actual());
            }
        });
        List<String> found = of(events, APPEND).stream().map(e -> e.getLong("position") + " " + e.getInt("events") + " "
                + e.getInt("entities") + " " + e.getString("durability") + " " + e.getString("outcome")).toList();
        assertEquals(List.of("0 3 1 PROCESS WRITTEN", "3 2 3 DISK WRITTEN", "-1 3 1 PROCESS ConflictException"), found);
        Instant before = Instant.EPOCH;
        for (RecordedEvent event : of(events, APPEND)) {
            assertFalse(event.getStartTime().isBefore(before), "one after the other");
            before = event.getEndTime();
            int bytes = event.getInt("bytes");
            assertTrue(bytes > 50 * event.getInt("events") && bytes < 200 * event.getInt("events"), event::toString);
            assertEquals(Thread.currentThread().getName(), event.getThread().getJavaName());
        }
    }

    @Test
    void aRepeatIsRecordedAsOne() throws IOException {
        NewEvent named = EVENT.withId(new UUID(1, 2));
        List<RecordedEvent> events = record(everything(), () -> {
            try (EventStore store = EventStore.open(folder)) {
                store.append("a", Expected.any(), EVENT);
                store.append("a", Expected.exactly(0), named);
                store.append("a", Expected.exactly(0), named);
            }
        });
        RecordedEvent repeat = of(events, APPEND).get(2);
        assertEquals("REPEAT", repeat.getString("outcome"));
        assertEquals(1, repeat.getLong("position"));
    }

    @Test
    void aForceARollAndAFlushAreRecorded() throws IOException {
        long[] forced = new long[1];
        List<RecordedEvent> events = record(everything(), () -> {
            try (EventStore store = EventStore.open(folder, small().flushEvents(1 << 20))) {
                store.append("a", Expected.absent(), List.of(EVENT), Durability.DISK);
                rollAndForce(store);
                forced[0] = store.endPosition();
            }
        });
        List<RecordedEvent> forces = of(events, FORCE);
        assertEquals(2, forces.size(), "the close had nothing left to force");
        assertEquals(1, forces.get(0).getLong("position"));
        assertEquals(1, forces.get(0).getLong("events"));
        assertEquals(forced[0], forces.get(1).getLong("position"));
        assertEquals(forced[0] - 1, forces.get(1).getLong("events"));
        assertTrue(forces.get(1).getLong("bytes") >= 100_000L * (forced[0] - 2), () -> forces.get(1).toString());
        assertNull(forces.get(1).getString("failure"));

        List<RecordedEvent> rolls = of(events, ROLL);
        assertEquals(1, rolls.size());
        RecordedEvent roll = rolls.get(0);
        assertTrue(Files.exists(folder.resolve("queue").resolve(roll.getString("file"))), roll::toString);
        assertEquals(forced[0] - 2, roll.getLong("position"), "the last of the large ones");
        long bytesBefore = roll.getLong("bytesBefore");
        assertTrue(bytesBefore > 900_000 && bytesBefore <= 1 << 20, roll::toString);

        List<RecordedEvent> flushes = of(events, FLUSH);
        RecordedEvent last = flushes.get(flushes.size() - 1);
        assertEquals(forced[0], last.getLong("position"));
        assertEquals(forced[0], flushes.stream().mapToLong(e -> e.getLong("events")).sum());
        assertTrue(flushes.stream().mapToLong(e -> e.getLong("entities")).sum() >= 3, "a, large, small");
    }

    @Test
    void nothingIsRecordedOfWhatIsOff() throws IOException {
        Recording others = new Recording();
        for (String name : List.of(APPEND, FORCE, ROLL, FLUSH)) {
            others.disable(name);
        }
        List<RecordedEvent> events = record(others, () -> {
            try (EventStore store = EventStore.open(folder, small())) {
                assertFalse(FlightEvents.appends());
                assertFalse(FlightEvents.rolls());
                assertNull(FlightEvents.beginRoll());
                assertNull(FlightEvents.beginForce());
                assertNull(FlightEvents.beginFlush());
                assertEquals(2, rollAndForce(store));
            }
        });
        assertEquals(List.of(), events);
    }

    /** Else a recording with the JDK's own settings would hold millions of events a second. */
    @Test
    void byDefaultOnlyLongAppendsAreKept() {
        EventType type = EventType.getEventType(AppendEvent.class);
        String threshold = type.getSettingDescriptors().stream().filter(s -> s.getName().equals("threshold"))
                .map(SettingDescriptor::getDefaultValue).findFirst().orElseThrow();
        assertEquals("1 ms", threshold);
        try (Recording recording = new Recording()) {
            recording.start();
            assertTrue(FlightEvents.appends(), "but these are, without a word of anybody");
        }
    }

    /** As of a run time that was trimmed to what its program needs. */
    @Test
    void aStoreWorksWhereTheRecorderIsMissing() {
        String modules = ModuleFinder.ofSystem().findAll().stream().map(m -> m.descriptor()).filter(d -> !needsRecorder(d))
                .map(ModuleDescriptor::name).collect(Collectors.joining(","));
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.addAll(List.of("--limit-modules", modules));
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), Trimmed.class, folder)) {
            assertEquals("recorder=false files=2", child.lineThatBegins("recorder="));
        }
    }

    private static boolean needsRecorder(ModuleDescriptor module) {
        return module.name().equals("jdk.jfr") || module.requires().stream().anyMatch(r -> r.name().equals("jdk.jfr"));
    }

    @Test
    void aConflictIsStillThrownWhenItIsRecorded() throws IOException {
        record(everything(), () -> {
            try (EventStore store = EventStore.open(folder)) {
                assertThrows(ConflictException.class, () -> store.append("a", Expected.present(), EVENT));
                assertEquals(0, store.endPosition());
            }
        });
    }
}
