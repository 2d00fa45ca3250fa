package io.daybook.bench.workload;

import io.daybook.bench.Entities;
import java.util.Arrays;
import java.util.function.IntSupplier;

/**
 * Chooses entities and knows the version that each of them has. The names of a chunk are made in the order of their use: whoever appends
 * has parsed the name just before and not fetched it from far away, and a timed loop should not pay for that.
 */
final class Picks {

    private final long[] versions;
    private final IntSupplier random;
    private int[] entities = {};
    private String[] names = {};
    private long[] expected = {};

    /** Entities that have the given number of events each. */
    Picks(Case measured, long eventsEach, long seed) {
        versions = new long[measured.entities()];
        Arrays.fill(versions, eventsEach - 1);
        random = measured.keys() == Case.Keys.ZIPF ? Entities.zipf(measured.entities(), seed) : Entities.uniform(measured.entities(), seed);
    }

    /** Chooses the next ones; whoever appends to them in this order is right about each version. */
    void choose(int count) {
        chooseNames(count);
        for (int i = 0; i < count; i++) {
            expected[i] = versions[entities[i]]++;
        }
    }

    /** Chooses the next ones for reading. */
    void chooseNames(int count) {
        if (names.length < count) {
            entities = new int[count];
            names = new String[count];
            expected = new long[count];
        }
        for (int i = 0; i < count; i++) {
            entities[i] = random.getAsInt();
            names[i] = Entities.name(entities[i]);
        }
    }

    int entity(int index) {
        return entities[index];
    }

    String name(int index) {
        return names[index];
    }

    long expected(int index) {
        return expected[index];
    }
}
