package io.daybook.guarantees;

import io.daybook.Expected;
import io.daybook.NewEvent;
import java.nio.ByteBuffer;

/**
 * A commit of {@link ChildWriter}'s. All that is in it follows from these numbers, which stand at the beginning of each payload, so that a
 * reader can tell what is missing, doubled or wrong.
 *
 * @param life    of the owner that wrote it
 * @param thread  of that life
 * @param number  of the thread's commits, from 0
 * @param several true: two to five events of several entities; false: one event
 */
record Written(int life, int thread, int number, boolean several) {

    /** The type of its events. */
    static final String TYPE = "Written";

    private static final int ENTITIES = 50;
    private static final int SHARED = 7;
    private static final int HEADER = 17;

    /** Number of its events. */
    int size() {
        return several ? 2 + number % 4 : 1;
    }

    /** Entity of the event with this number within the commit. */
    String entity(int i) {
        if (i == 0 && number % 3 == 0) {
            return "new-" + life + "-" + thread + "-" + number; // so that the index grows
        }
        if (i == 0 && number % 5 == 4) {
            return "shared-" + number % SHARED; // by all threads
        }
        return "entity-" + thread + "-" + (number * 7 + i / 2) % ENTITIES;
    }

    /** What to expect of the entity, whose newest version is this. */
    Expected expected(int i, long version) {
        if (entity(i).startsWith("new-")) {
            return Expected.absent();
        }
        return entity(i).startsWith("shared-") ? Expected.any() : Expected.exactly(version);
    }

    NewEvent event(int i) {
        return NewEvent.of(TYPE, payload(i));
    }

    byte[] payload(int i) {
        byte[] payload = new byte[HEADER + number * 131 % 3_000];
        ByteBuffer.wrap(payload).putInt(life).putInt(thread).putInt(number).put((byte) (several ? 1 : 0)).putInt(i);
        for (int at = HEADER; at < payload.length; at++) {
            payload[at] = (byte) (at * 31 + number);
        }
        return payload;
    }

    /** What this payload says of itself. */
    static Written of(byte[] payload) {
        ByteBuffer token = ByteBuffer.wrap(payload);
        return new Written(token.getInt(), token.getInt(), token.getInt(), token.get() == 1);
    }
}
