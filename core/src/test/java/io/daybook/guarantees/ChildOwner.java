package io.daybook.guarantees;

import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.Subscription;
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
    private static final int READ_VERSIONS = 100;

    private ChildOwner() {
    }

    /** Arguments: folder, seed. */
    public static void main(String[] arguments) {
        long seed = Long.parseLong(arguments[1]);
        EventStore store = EventStore.open(Path.of(arguments[0]), ChildWriter.settings());
        System.out.println("opened at " + store.endPosition());
        Random random = new Random(seed);
        Subscription[] following = new Subscription[FOLLOWERS];
        for (int i = 0; i < FOLLOWERS; i++) {
            long end = store.endPosition();
            long first = i == 0 ? 0 : end == 0 ? 0 : random.nextLong(end + 1);
            following[i] = follow(store, first, Durability.PROCESS);
        }
        new Thread(() -> judged(() -> restart(store, following, random))).start();
        for (int i = 0; i < WRITERS; i++) {
            Random own = new Random(seed + i);
            new Thread(() -> judged(() -> write(store, own))).start();
        }
        Random chosen = new Random(seed);
        new Thread(() -> judged(() -> read(store, chosen))).start();
    }

    static Subscription follow(EventStore store, long first, Durability rung) {
        StartFrom start = first == 0 ? StartFrom.beginning() : StartFrom.after(first - 1);
        return store.subscribe(Follow.from(start).visibleFrom(rung), new FollowWitness(first, ChildOwner::tell));
    }

    /** One of them ends, and another goes on where it was. */
    private static void restart(EventStore store, Subscription[] following, Random random) {
        int which = random.nextInt(FOLLOWERS);
        following[which].close();
        following[which] = follow(store, following[which].position() + 1, Durability.PROCESS);
        LockSupport.parkNanos(random.nextInt(50_000_000));
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
            Durability rung = random.nextInt(50) == 0 ? Durability.DISK : Durability.PROCESS;
            System.out.println("acked " + store.commit(commit, rung).lastPosition());
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
        requireDense(store, entity, version);
    }

    /** The entity's newest events have the versions that they should have, this one among them. */
    static void requireDense(EventStore store, String entity, long version) {
        long next = Math.max(0, version - READ_VERSIONS);
        try (Cursor cursor = store.read(entity, ReadRange.all().from(next))) {
            while (cursor.next()) {
                if (cursor.event().version() != next || !cursor.event().entity().equals(entity)) {
                    throw new AssertionError("a read has " + cursor.event().version() + " where " + next + " should be: entity=" + entity);
                }
                next++;
            }
        }
        if (next <= version) {
            throw new AssertionError("a read ends before version " + version + ": entity=" + entity);
        }
    }
}
