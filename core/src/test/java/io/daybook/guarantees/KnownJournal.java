package io.daybook.guarantees;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalFiles;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.TrueSums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A journal of eleven events whose content is known, as it is left in three ways; to be put back, damaged and opened again and again. */
final class KnownJournal {

    /** How its last owner left it. */
    enum Left {
        /** It was closed. */
        CLOSED,
        /** The owner was killed. */
        KILLED,
        /** The machine stopped while it was open, and all that was written reached the device. */
        STOPPED
    }

    /** Who has events in it. */
    static final List<String> ENTITIES = List.of("account-1", "account-2", "order-1");
    /** The events before this position were forced, by an append and then before the heads file was written. */
    static final int FORCED = 8;
    /** A named subscription that has seen the first eight. */
    static final String FOLLOWER = "mail";

    private static final int IN_THE_INDEX = FORCED;
    private static final int KEPT_BYTES = 2 << 20;

    final List<String> everything;
    final Map<String, List<String>> streams = new LinkedHashMap<>();
    private final Map<Left, JournalFiles.Kept> kept = new EnumMap<>(Left.class);

    private KnownJournal(EventStore store, Path live, int payloadBytes) throws Exception {
        write(store, live, payloadBytes);
        everything = Events.all(store);
        ENTITIES.forEach(entity -> streams.put(entity, Events.of(store, entity)));
        kept.put(Left.KILLED, JournalFiles.keep(live, KEPT_BYTES));
    }

    /** Makes it in this folder, which it needs no longer then. The payloads have so many bytes: with 250,000 it has several files. */
    static KnownJournal make(Path folder, int payloadBytes) throws Exception {
        Path live = folder.resolve("live");
        KnownJournal made;
        try (EventStore store = EventStore.open(live, settings())) {
            made = new KnownJournal(store, live, payloadBytes);
        }
        made.kept.put(Left.CLOSED, JournalFiles.keep(live, KEPT_BYTES));
        Path stopped = folder.resolve("stopped");
        made.kept.get(Left.KILLED).putBack(stopped);
        TrueSums.change(stopped.resolve("state.dbk"), 64, 48, 0, 1);
        TrueSums.change(stopped.resolve("index/watermark.dbk"), 512, 120, 24, 1);
        TrueSums.change(stopped.resolve("index/watermark.dbk"), 1_024, 120, 24, 1);
        made.kept.put(Left.STOPPED, JournalFiles.keep(stopped, KEPT_BYTES));
        return made;
    }

    /** Everything as small as it can be. */
    static StoreSettings settings() {
        return StoreSettings.create().cycleBytes(1 << 20).headTableBytes(1 << 18).indexCapacity(64).flushEvents(IN_THE_INDEX)
            .headsFileEvents(IN_THE_INDEX).idWindowEvents(1 << 10);
    }

    private static void write(EventStore store, Path live, int payloadBytes) throws Exception {
        store.append("account-1", Expected.absent(), event(0, payloadBytes).withId(Events.id(1)).withMetadata(new byte[] {1, 2, 3}));
        store.append("account-2", Expected.absent(), event(1, payloadBytes));
        store.commit(Commit.create().append("account-1", event(2, payloadBytes)).append("order-1", event(3, payloadBytes))
            .append("account-1", event(4, payloadBytes)));
        store.append("account-2", Expected.exactly(0), List.of(event(5, payloadBytes)), Durability.DISK);
        store.append("order-1", Expected.any(), event(6, payloadBytes));
        store.append("account-1", Expected.any(), event(7, payloadBytes));
        follow(store);
        awaitIndex(store, live);
        store.commit(Commit.create().append("account-2", event(8, payloadBytes)).append("account-1", event(9, payloadBytes)));
        store.append("order-1", Expected.any(), event(10, payloadBytes));
    }

    private static void follow(EventStore store) throws Exception {
        Follow all = Follow.from(StartFrom.beginning()).named(FOLLOWER);
        try (Poller poller = store.poller(all, event -> { })) {
            while (poller.poll(100) > 0) {
                continue;
            }
        }
    }

    private static NewEvent event(int number, int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < payloadBytes; i++) {
            payload[i] = (byte) (i * 31 + number);
        }
        return NewEvent.of("Happened", payload);
    }

    /** From here on the index on disk holds the first eight events, and nothing brings it up to date before the close. */
    private static void awaitIndex(EventStore store, Path live) {
        while (store.stats().indexWatermark() < IN_THE_INDEX || !Files.exists(live.resolve("index/heads.dbk"))) {
            Thread.yield();
        }
    }

    /** Makes the folder what its owner left. */
    void putBack(Left left, Path folder) throws IOException {
        kept.get(left).putBack(folder);
    }

    /** What its owner left. */
    JournalFiles.Kept kept(Left left) {
        return kept.get(left);
    }

    /** The commits in the journal's files, in order. */
    static List<JournalFiles.Document> commits(Path cycle) throws IOException {
        return JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList();
    }

    /** The journal's oldest file. */
    static Path cycle(Path folder) {
        return JournalFiles.cycles(folder).get(0);
    }

    /** The index's map. */
    static Path map(Path folder) throws IOException {
        try (var files = Files.list(folder.resolve(JournalFiles.INDEX))) {
            return files.filter(file -> file.toString().endsWith(".map")).findFirst().orElseThrow();
        }
    }
}
