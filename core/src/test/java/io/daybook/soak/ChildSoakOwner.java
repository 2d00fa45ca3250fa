package io.daybook.soak;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Owns the journal and appends at a rate until it is killed: commits of one and of several entities, now and then forced. Every event
 * carries its life and its number in it. Tells how far it is a hundred times a second, and what it holds when asked.
 */
final class ChildSoakOwner {

    static final int ENTITIES = 100_000;
    static final int PAYLOAD = 16;

    private static final int MOST_AT_ONCE = 4;
    private static final int FORCED_EVERY = 5_000;
    private static final long TELL_EVERY_NS = 10_000_000;

    private ChildSoakOwner() {
    }

    /** Arguments: folder, life, events a second (0: as many as it can). */
    public static void main(String[] arguments) throws IOException {
        EventStore store = EventStore.open(Path.of(arguments[0]), settings());
        int life = Integer.parseInt(arguments[1]);
        long rate = Long.parseLong(arguments[2]);
        System.out.println("opened at " + store.endPosition());
        Thread appender = new Thread(() -> append(store, life, rate));
        appender.start();
        SoakSample.answer();
    }

    static StoreSettings settings() {
        return StoreSettings.create().cycleBytes(64 << 20).headTableBytes(1 << 22).flushEvents(100_000).headsFileEvents(2_000_000);
    }

    private static void append(EventStore store, int life, long rate) {
        try {
            Random random = new Random(life);
            long number = 0;
            long start = System.nanoTime();
            long told = start;
            for (long commits = 0;; commits++) {
                int events = random.nextInt(3) == 0 ? 1 + random.nextInt(MOST_AT_ONCE) : 1;
                Commit commit = Commit.create();
                for (int i = 0; i < events; i++) {
                    commit.append("entity-" + random.nextInt(ENTITIES), NewEvent.of("Soaked", payload(life, number++)));
                }
                AppendResult result = store.commit(commit, commits % FORCED_EVERY == 0 ? Durability.DISK : Durability.PROCESS);
                long now = System.nanoTime();
                if (now - told > TELL_EVERY_NS) {
                    told = now;
                    System.out.println("acked " + number + " " + result.lastPosition());
                }
                long due = rate == 0 ? 0 : start + number * 1_000_000_000 / rate - now;
                if (due > 1_000_000) {
                    LockSupport.parkNanos(due);
                }
            }
        } catch (Throwable e) {
            System.out.println("violation " + e);
        }
    }

    private static byte[] payload(int life, long number) {
        return ByteBuffer.allocate(PAYLOAD).putInt(life).putInt(0).putLong(number).array();
    }
}
