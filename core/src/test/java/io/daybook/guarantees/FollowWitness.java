package io.daybook.guarantees;

import io.daybook.EventHandler;
import io.daybook.EventView;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * Follows and judges: every position comes once, in order; a commit's events come together; time does not go back; an entity's versions are
 * dense. Of each block of a thousand events that it saw whole it tells a digest, by which witnesses are compared. One thread.
 */
final class FollowWitness implements EventHandler {

    static final int BLOCK = 1000;

    private final BiConsumer<Long, Integer> digests;
    private final CRC32C digest = new CRC32C();
    private final Map<String, Long> versions = new HashMap<>();
    private long next;
    private boolean wholeBlock;
    private long commitEnd = -1;
    private long timeNs = Long.MIN_VALUE;

    /** The first event has this position. */
    FollowWitness(long first, BiConsumer<Long, Integer> digests) {
        next = first;
        this.digests = digests;
    }

    @Override
    public void onEvent(EventView event) {
        require(event.position() == next, "position " + event.position() + " where " + next + " should be");
        require(event.timeNs() >= timeNs, "time goes back at " + next);
        long first = event.commitPosition();
        require(next >= first && next < first + event.commitSize(), "event " + next + " of a commit at " + first);
        if (commitEnd > next) {
            require(commitEnd == first + event.commitSize(), "a commit was left at " + next);
        } else if (commitEnd == next) {
            require(first == next, "a commit that began earlier goes on at " + next);
        }
        Long version = versions.put(event.entity(), event.version());
        require(version == null || event.version() == version + 1, "version " + event.version() + " behind " + version + " at " + next);
        commitEnd = first + event.commitSize();
        timeNs = event.timeNs();
        digest(event);
        next++;
    }

    private void digest(EventView event) {
        if (next % BLOCK == 0) {
            digest.reset();
            wholeBlock = true;
        }
        digest.update((event.entity() + ' ' + event.version() + ' ' + event.type() + ' ' + event.id() + ' ' + event.timeNs()).getBytes());
        digest.update(event.copy().payload());
        if (wholeBlock && next % BLOCK == BLOCK - 1) {
            digests.accept(next / BLOCK, (int) digest.getValue());
        }
    }

    /** Fails if what was seen ends in the middle of a commit. */
    void requireCommitEnded() {
        require(commitEnd < 0 || commitEnd == next, "it ends at " + next + " in a commit that ends at " + commitEnd);
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }

    @Override
    public void onStopped(Throwable failure) {
        if (failure != null) {
            System.out.println("violation " + failure);
        }
    }
}
