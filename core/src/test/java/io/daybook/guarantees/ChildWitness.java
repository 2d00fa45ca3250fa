package io.daybook.guarantees;

import io.daybook.Durability;
import io.daybook.EventStore;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Another process that follows and reads, until it is killed; says what {@link ChildOwner} says. */
final class ChildWitness {

    private ChildWitness() {
    }

    /** Arguments: folder, seed. */
    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[1]));
        EventStore store = EventStore.openReadOnly(Path.of(arguments[0]), ChildWriter.settings());
        long end = store.endPosition();
        long first = random.nextBoolean() ? 0 : random.nextLong(end + 1);
        ChildOwner.follow(store, first, random.nextInt(3) == 0 ? Durability.DISK : Durability.PROCESS);
        System.out.println("follows from " + first);
        long version = -1;
        while (true) {
            long now = store.endPosition();
            long newer = store.version("entity-1");
            if (now < end || newer < version) {
                System.out.println("violation a read went back: from " + end + " to " + now);
            }
            ChildOwner.requireDense(store, "entity-1", newer);
            end = now;
            version = newer;
            LockSupport.parkNanos(1_000_000);
        }
    }
}
