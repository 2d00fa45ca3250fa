package io.daybook.machine;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a {@link LoadWriter} writes, and with which settings: all of it follows from life, thread and number, so a reader can tell what is
 * missing, doubled or wrong. Text on the way to the child.
 */
final class Load {

    /** What can be chosen. */
    enum Knob {
        /** Threads that append. */
        THREADS(4),
        /** Entities of each thread. */
        ENTITIES(50),
        /** The largest payload. */
        PAYLOAD_BYTES(1_500),
        /** Thread 0 appends one of so many commits on DISK. */
        DISK_EVERY(1),
        /** How long the other threads rest between two commits. */
        REST_MICROS(1_500),
        /** Milliseconds of the background interval; 0: none. */
        INTERVAL_MS(0),
        /** 1: a named subscription follows. */
        FOLLOW(0),
        /** The store is closed and opened again after so many commits of thread 0; 0: never. */
        REOPEN_EVERY(0),
        /** A subscription with a new name is made after so many commits of thread 0; 0: never. */
        NAME_EVERY(0),
        /** 1: a thread reads all there is, again and again. */
        READ(0),
        /** See {@link StoreSettings#cycleBytes(long)}. */
        CYCLE_BYTES(2 << 20),
        /** See {@link StoreSettings#flushEvents(long)}. */
        FLUSH_EVENTS(500),
        /** See {@link StoreSettings#headsFileEvents(long)}. */
        HEADS_FILE_EVENTS(10_000),
        /** See {@link StoreSettings#indexCapacity(long)}. */
        INDEX_CAPACITY(64),
        /** See {@link StoreSettings#headTableBytes(long)}. */
        HEAD_TABLE_BYTES(1 << 18);

        private final long usual;

        Knob(long usual) {
            this.usual = usual;
        }
    }

    static final String TYPE = "Written";
    private static final int TOKEN_BYTES = 16;

    private final Map<Knob, Long> chosen;

    private Load(Map<Knob, Long> chosen) {
        this.chosen = chosen;
    }

    static Load usual() {
        return new Load(new EnumMap<>(Knob.class));
    }

    Load with(Knob knob, long value) {
        Map<Knob, Long> more = new EnumMap<>(chosen);
        more.put(knob, value);
        return new Load(more);
    }

    long get(Knob knob) {
        return chosen.getOrDefault(knob, knob.usual);
    }

    static Load parse(String line) {
        Load load = usual();
        for (String part : line.split(",")) {
            if (!part.isEmpty()) {
                String[] pair = part.split("=");
                load = load.with(Knob.valueOf(pair[0].toUpperCase(Locale.ROOT)), Long.parseLong(pair[1]));
            }
        }
        return load;
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        chosen.forEach((knob, value) -> line.append(line.length() == 0 ? "" : ",").append(knob.name().toLowerCase(Locale.ROOT)).append('=')
            .append(value));
        return line.toString();
    }

    StoreSettings settings() {
        return StoreSettings.create().cycleBytes(get(Knob.CYCLE_BYTES)).flushEvents(get(Knob.FLUSH_EVENTS))
            .headsFileEvents(get(Knob.HEADS_FILE_EVENTS)).indexCapacity(get(Knob.INDEX_CAPACITY))
            .headTableBytes(get(Knob.HEAD_TABLE_BYTES)).lowSpaceBytes(32 << 20)
            .forceInterval(Duration.ofMillis(get(Knob.INTERVAL_MS)));
    }

    int threads() {
        return (int) get(Knob.THREADS);
    }

    Durability rung(int thread, int number) {
        return thread == 0 && number % get(Knob.DISK_EVERY) == get(Knob.DISK_EVERY) - 1 ? Durability.DISK : Durability.PROCESS;
    }

    /** Events of a commit. */
    static int size(int number) {
        return number % 3 == 0 ? 1 : 1 + number % 4;
    }

    String entity(int thread, int number, int i) {
        return "entity-" + thread + "-" + (number * 7L + i / 2) % get(Knob.ENTITIES);
    }

    byte[] payload(int life, int thread, int number, int i) {
        byte[] payload = new byte[TOKEN_BYTES + (int) (number * 131L % (get(Knob.PAYLOAD_BYTES) - TOKEN_BYTES))];
        ByteBuffer.wrap(payload).putInt(life).putInt(thread).putInt(number).putInt(i);
        for (int at = TOKEN_BYTES; at < payload.length; at++) {
            payload[at] = (byte) (at * 31 + number);
        }
        return payload;
    }

    /** A whole commit, with the versions that its entities have now. */
    Commit commit(EventStore store, int life, int thread, int number) {
        Commit commit = Commit.create();
        for (int i = 0; i < size(number); i++) {
            String entity = entity(thread, number, i);
            commit.append(entity, NewEvent.of(TYPE, payload(life, thread, number, i)));
            if (!commit.conditions().containsKey(entity)) {
                commit.expect(entity, Expected.exactly(store.version(entity)));
            }
        }
        return commit;
    }
}
