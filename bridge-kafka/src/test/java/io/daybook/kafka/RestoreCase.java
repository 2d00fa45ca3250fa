package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;

/** What a test of a restore starts from: a mirrored journal, and a folder for the restored one. */
abstract class RestoreCase extends MirrorCase {

    final Random random = new Random(6);
    Path restored;

    @BeforeEach
    void chooseFolder() {
        restored = temp.resolve("restored");
    }

    /** Nobody knows then whether the machine stopped: the next open begins an epoch. */
    void forgetHowItWasLeft() throws IOException {
        Files.delete(temp.resolve("journal").resolve("state.dbk"));
    }

    Restoration restore() {
        return restore(topic);
    }

    Restoration restore(String from) {
        long[] last = {0};
        Restoration made = KafkaBridge.restore(restored, small(), BridgeSettings.create(SharedBroker.address(), from), (position, end) -> {
            assertTrue(position > last[0] && position <= end, "progress goes back: " + position);
            last[0] = position;
        });
        assertEquals(made.events(), last[0]);
        return made;
    }

    /** Commits without ids of their own; every tenth fills a part of a journal file. */
    static void appendDerived(EventStore store, int commits, Random random) {
        for (int i = 0; i < commits; i++) {
            Commit commit = Commit.create();
            for (int j = random.nextInt(4); j >= 0; j--) {
                byte[] payload = new byte[i % 10 == 0 ? 60_000 : random.nextInt(100)];
                random.nextBytes(payload);
                commit.append("order-" + random.nextInt(30), NewEvent.of("Größer", payload).withSchemaVersion(i).withMetadata(new byte[j]));
            }
            store.commit(commit);
        }
    }

    /** Both have the same events: every field of each, epoch and commit too. */
    static void assertSame(EventStore expected, EventStore found) {
        assertSame(expected, found, true);
    }

    static void assertSame(EventStore expected, EventStore found, boolean epochToo) {
        assertEquals(expected.endPosition(), found.endPosition());
        try (Cursor one = expected.readAll(StartFrom.beginning(), Filter.all());
                Cursor other = found.readAll(StartFrom.beginning(), Filter.all())) {
            while (one.next()) {
                assertTrue(other.next());
                assertSame(one.event().copy(), other.event().copy());
                assertTrue(!epochToo || one.event().epoch() == other.event().epoch(), "epoch of " + one.position());
            }
            assertFalse(other.next());
        }
    }

    private static void assertSame(RecordedEvent expected, RecordedEvent found) {
        assertArrayEquals(expected.payload(), found.payload());
        assertArrayEquals(expected.metadata(), found.metadata());
        assertEquals(withoutBytes(expected), withoutBytes(found));
    }

    private static RecordedEvent withoutBytes(RecordedEvent e) {
        return new RecordedEvent(e.position(), e.entity(), e.version(), e.type(), e.id(), e.timeNs(), e.schemaVersion(), null, null,
                e.commitPosition(), e.commitSize());
    }
}
