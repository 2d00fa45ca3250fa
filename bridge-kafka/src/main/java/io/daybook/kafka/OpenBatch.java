package io.daybook.kafka;

import io.daybook.EventView;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What a session has sent in the transaction that is open, and when that one is to be committed. Whole commits only. One thread. */
final class OpenBatch {

    private static final long LONGEST_WITH_MORE_NS = 200_000_000;

    private final BridgeSettings settings;
    private final boolean routed;
    private final Map<String, Long> newestByTopic = new HashMap<>();
    private boolean open;
    private boolean whole;
    private int events;
    private long bytes;
    private long begunNs;
    private long next;

    /** The next event is that of this position. */
    OpenBatch(BridgeSettings settings, long position) {
        this.settings = settings;
        routed = !settings.routes().byCategory().isEmpty();
        next = position;
    }

    /** A transaction was begun. */
    void begin() {
        open = true;
        begunNs = System.nanoTime();
    }

    /** An event of it goes to this topic. */
    void add(EventView event, String topic) {
        if (routed) {
            newestByTopic.put(topic, event.position());
        }
        events++;
        bytes += event.payloadLength() + event.metadataLength();
        next = event.position() + 1;
        whole = next == event.commitPosition() + event.commitSize();
    }

    /** It was committed; answers how many events it had. */
    int end() {
        int ended = events;
        open = false;
        events = 0;
        bytes = 0;
        return ended;
    }

    boolean isOpen() {
        return open;
    }

    /** True if there is one, and its last event is the last one of a commit. */
    boolean isWhole() {
        return open && whole;
    }

    /** True if it is whole, and takes no further commit. */
    boolean isFull() {
        return isWhole() && (events >= settings.batchEvents() || bytes >= settings.batchBytes());
    }

    /**
     * True if it is whole and its time has come. Each commit is waited for: where more is there already small transactions would make the
     * last event of it come later, not sooner.
     */
    boolean isDue(boolean more) {
        long delayNs = settings.batchDelay().toNanos();
        return isFull() || isWhole() && System.nanoTime() - begunNs >= (more ? Math.max(delayNs, LONGEST_WITH_MORE_NS) : delayNs);
    }

    /** Time until it is due if nothing more comes; of one that is whole. */
    long untilDueNs() {
        return begunNs + settings.batchDelay().toNanos() - System.nanoTime();
    }

    /** Position behind the last event that was sent. */
    long next() {
        return next;
    }

    /** Position of the last event that was sent to each topic, where there are routes. */
    Map<String, Long> newestByTopic() {
        return Collections.unmodifiableMap(newestByTopic);
    }
}
