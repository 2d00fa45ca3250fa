package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalId;
import io.daybook.Poller;
import io.daybook.StartFrom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A journal whose owners are killed, one after the other; what they acknowledged; and one follower in another process that outlives them
 * all. {@link #check} is what must hold after each kill.
 */
final class KilledJournal implements AutoCloseable {

    private final Path folder;
    private final KillFigures figures;
    private final Random random;
    private final List<ChildWriter.Acknowledged> acknowledged = new ArrayList<>();
    private LiveFollower follower;
    private int lives;
    private boolean openedSince;
    private long end;

    KilledJournal(Path folder, KillFigures figures, Random random) {
        this.folder = folder;
        this.figures = figures;
        this.random = random;
    }

    Path folder() {
        return folder;
    }

    /** How many lives began. */
    int lives() {
        return lives;
    }

    /** The next owner, in a child. */
    Life begin(WriterMode mode, String follows, String... flags) {
        return Life.start(List.of(flags), folder, lives++, mode, follows);
    }

    /** Kills it; {@code place} names where, if it acknowledged anything. Answers whether it did: only then the kill counts. */
    boolean kill(Life life, WriterMode mode, String place) throws InterruptedException {
        if (life.isOpened()) {
            follow();
        }
        life.kill();
        acknowledged.addAll(life.acknowledged());
        openedSince |= life.isOpened();
        return figures.killed(mode, place, life.commits());
    }

    /**
     * All that was acknowledged is there, nothing is half, versions are dense, heads are those of a fold of the journal, append works, no
     * checkpoint of a subscription is refused, and the follower went on.
     */
    void check(String what) throws Exception {
        long start = System.nanoTime();
        try (EventStore store = EventStore.open(folder, ChildWriter.settings())) {
            JournalId id = store.id();
            long before = store.endPosition();
            AppendResult result = store.append("parent", Expected.exactly(store.version("parent")), Events.event("Looked", what));
            figures.opened(System.nanoTime() - start, store.recovery());
            assertEquals(before, result.firstPosition(), what);
            assertEquals(1, id.epoch(), () -> what + ": the machine did not stop");
            assertFalse(store.recovery().machineStopped() || store.recovery().newEpoch(), what);
            assertFalse(store.recovery().cleanlyClosed() && openedSince, () -> what + ": it was killed");
            openedSince = false;
            try {
                WrittenFold fold = WrittenFold.of(store);
                assertEquals(result.lastPosition() + 1, fold.end());
                fold.requireAll(acknowledged);
                fold.requireHeads(store, random);
                requireCheckpoint(store, ChildWriter.STEADY);
                requireCheckpoint(store, ChildWriter.AGAIN);
                follow();
                follower.awaitSame(fold, "parent");
                figures.events(fold.end() - end);
                end = fold.end();
            } catch (AssertionError e) {
                throw new AssertionError(what + ": " + e.getMessage(), e);
            }
        }
    }

    /** One follower, from before the first kill of an owner that had opened. */
    private void follow() {
        if (follower == null) {
            follower = LiveFollower.start(folder);
        }
    }

    /** The checkpoint that a subscription of the killed owner's left is accepted, and the subscription goes on to the end. */
    private void requireCheckpoint(EventStore store, String name) throws Exception {
        if (!Files.exists(folder.resolve("followers").resolve(name + ".dbk"))) {
            return;
        }
        long[] next = {-1};
        try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).named(name), event -> {
            assertTrue(next[0] < 0 || event.position() == next[0], name);
            next[0] = event.position() + 1;
        })) {
            while (poller.poll(1_000) > 0) {
                continue;
            }
            assertEquals(store.endPosition() - 1, poller.position(), name);
        }
    }

    /** Everything that it has acknowledged up to now. */
    List<ChildWriter.Acknowledged> acknowledged() {
        return acknowledged;
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
    }
}
