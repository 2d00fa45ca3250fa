package io.daybook.guarantees;

import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * An owner with four writers, four followers and a reader, until it is killed. Prints {@code acked POSITION} for commits, {@code digest
 * BLOCK VALUE}, and {@code violation} for what must not be.
 */
final class ChildOwner {

    private static final int WRITERS = 4;
    private static final int FOLLOWERS = 4;
    private static final int ENTITIES = 40;

    private ChildOwner() {
    }

    /** Arguments: folder, seed. */
    public static void main(String[] arguments) {
        long seed = Long.parseLong(arguments[1]);
        EventStore store = EventStore.open(Path.of(arguments[0]), ChildWriter.settings());
        System.out.println("opened at " + store.endPosition());
        Random random = new Random(seed);
        for (int i = 0; i < FOLLOWERS; i++) {
            long end = store.endPosition();
            long first = i == 0 ? 0 : end == 0 ? 0 : random.nextLong(end + 1);
            StartFrom start = first == 0 ? StartFrom.beginning() : StartFrom.after(first - 1);
            store.subscribe(Follow.from(start), new FollowWitness(first, ChildOwner::tell));
        }
        for (int i = 0; i < WRITERS; i++) {
            Random own = new Random(seed + i);
            new Thread(() -> judged(() -> write(store, own))).start();
        }
        new Thread(() -> judged(() -> read(store, new Random(seed)))).start();
    }

    static void tell(long block, int digest) {
        System.out.println("digest " + block + " " + digest);
    }

    private static void judged(Runnable work) {
        try {
            while (true) {
                work.run();
            }
        } catch (Throwable e) {
            System.out.println("violation " + e);
        }
    }

    private static void write(EventStore store, Random random) {
        Commit commit = Commit.create();
        int events = 1 + random.nextInt(5);
        for (int i = 0; i < events; i++) {
            String entity = "entity-" + random.nextInt(ENTITIES);
            if (!commit.conditions().containsKey(entity) && random.nextBoolean()) {
                long version = store.version(entity);
                commit.expect(entity, version < 0 ? Expected.absent() : Expected.exactly(version));
            }
            byte[] payload = new byte[random.nextInt(300)];
            random.nextBytes(payload);
            commit.append(entity, NewEvent.of("T" + events, payload));
        }
        try {
            System.out.println("acked " + store.commit(commit).lastPosition());
        } catch (ConflictException e) {
            return; // another writer was faster
        }
        LockSupport.parkNanos(200_000);
    }

    private static void read(EventStore store, Random random) {
        long end = store.endPosition();
        String entity = "entity-" + random.nextInt(ENTITIES);
        long version = store.version(entity);
        LockSupport.parkNanos(100_000);
        if (store.endPosition() < end || store.version(entity) < version) {
            throw new AssertionError("a read went back: entity=" + entity);
        }
    }
}
