package io.daybook.bench.contender;

import io.daybook.Appender;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** Daybook by its public API: single events through the appender that makes no garbage, batches as a commit. */
final class DaybookContender implements Contender {

    private static final String TYPE = "Paid";
    private static final Duration D1_INTERVAL = Duration.ofMillis(50);
    private static final Duration D1S_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "daybook";
    }

    @Override
    public String title() {
        return "Daybook";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.complementOf(EnumSet.of(Durability.DV));
    }

    @Override
    public int filledBy() {
        return 1;
    }

    @Override
    public String setup() {
        return "default settings; D1: forceInterval 50 ms, D1S: 1 s; D2: rung DISK; D2G: awaitDurable";
    }

    @Override
    public EventLog open(Path folder, Durability durability) {
        StoreSettings settings = StoreSettings.create();
        switch (durability) {
            case D1 -> settings.forceInterval(D1_INTERVAL);
            case D1S -> settings.forceInterval(D1S_INTERVAL);
            case D2 -> settings.durability(io.daybook.Durability.DISK);
            default -> { }
        }
        return new Log(EventStore.open(folder, settings));
    }

    private record Log(EventStore store) implements EventLog {
        @Override
        public Writer writer() {
            return new StoreWriter(store, store.appender());
        }

        @Override
        public Reader reader() {
            return new StoreReader(store);
        }

        @Override
        public void awaitForced(long position) {
            if (!store.awaitDurable(position, io.daybook.Durability.DISK, LONG)) {
                throw new IllegalStateException("An append was not forced within a minute: position=" + position);
            }
        }

        @Override
        public boolean pipelines() {
            return true;
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private record StoreWriter(EventStore store, Appender appender) implements Writer {
        @Override
        public long append(String entity, long expected, byte[] payload) {
            appender.claim(entity, expected, TYPE, payload.length).putBytes(0, payload);
            try {
                return appender.append();
            } catch (ConflictException e) {
                return CONFLICT;
            }
        }

        @Override
        public boolean appendAll(Batch batch) {
            try {
                if (isOfOneEntity(batch)) {
                    NewEvent[] events = new NewEvent[batch.size()];
                    Arrays.setAll(events, i -> NewEvent.of(TYPE, batch.payload(i)));
                    store.append(batch.entity(0), Expected.exactly(batch.expected(0)), events);
                } else {
                    store.commit(commitOf(batch));
                }
                return true;
            } catch (ConflictException e) {
                return false;
            }
        }

        private static boolean isOfOneEntity(Batch batch) {
            for (int i = 1; i < batch.size(); i++) {
                if (!batch.entity(i).equals(batch.entity(0))) {
                    return false;
                }
            }
            return true;
        }

        private static Commit commitOf(Batch batch) {
            Commit commit = Commit.create();
            Set<String> conditions = new HashSet<>();
            for (int i = 0; i < batch.size(); i++) {
                String entity = batch.entity(i);
                if (conditions.add(entity)) {
                    commit.expect(entity, Expected.exactly(batch.expected(i)));
                }
                commit.append(entity, NewEvent.of(TYPE, batch.payload(i)));
            }
            return commit;
        }
    }

    private record StoreReader(EventStore store) implements Reader {
        @Override
        public int load(String entity, Sink sink) {
            try (Cursor cursor = store.read(entity)) {
                return (int) handOut(cursor, sink);
            }
        }

        @Override
        public long replay(Sink sink) {
            try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
                return handOut(cursor, sink);
            }
        }

        private static long handOut(Cursor cursor, Sink sink) {
            long count = 0;
            while (cursor.next()) {
                EventView event = cursor.event();
                sink.event(event.version(), event.buffer(), event.payloadOffset(), event.payloadLength());
                count++;
            }
            return count;
        }
    }
}
