package io.daybook.read;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.StartFrom;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.EventDescriptor;
import java.util.function.LongSupplier;

/**
 * Goes through the journal's events in order, and goes on when there are more. Looks at whole commits that lie before the visible end,
 * and checks their sums. One thread, but for {@link #visibleEnd()}. Internal: not part of the API.
 */
public final class EndlessCursor {

    /**
     * What may be seen.
     *
     * @param bound the position behind what may be handed out; asked whenever it is reached, so it must be cheap; {@link Long#MAX_VALUE}:
     *              whatever is found
     * @param end   the position behind what is visible now
     */
    public record Visible(LongSupplier bound, LongSupplier end) {
    }

    private final Reads reads;
    private final CommitSeek seek;
    private final EventFilter filter;
    private final Visible visible;
    private final VisibleEvent view;
    private final long foundEnd;
    private long end;
    private long position;
    private int epoch;
    private long timeNs;
    private long notBeforeNs = Long.MIN_VALUE;
    private int left;
    private int offset;
    private boolean wanted;

    EndlessCursor(Reads reads, StartFrom from, Filter filter, Visible visible, long endNow) {
        this.reads = reads;
        this.visible = visible;
        foundEnd = endNow;
        this.filter = new EventFilter(filter);
        seek = reads.seek();
        view = new VisibleEvent(reads.derivedIds());
        long first = first(from, endNow);
        seek.before(first);
        position = first - 1;
    }

    private long first(StartFrom from, long endNow) {
        if (from instanceof StartFrom.Time time) {
            notBeforeNs = time.ns(); // it may be yet to come
            return seek.positionOfTime(time.ns(), endNow);
        }
        long first = ((StartFrom.Position) from).first();
        if (first > endNow && first != Long.MAX_VALUE) {
            throw new IllegalArgumentException("The start lies behind the journal's end: first=" + first + " endPosition=" + endNow);
        }
        return Math.min(first, endNow);
    }

    /** Steps to the next event, wanted or not; false if there is none yet. */
    public boolean next() {
        view.invalidate();
        reads.requireOpen();
        if (left == 0) {
            if (!openCommit()) {
                return false;
            }
        } else {
            offset += eventLength();
        }
        left--;
        position++;
        wanted = timeNs >= notBeforeNs && filter.accepts(seek.window().buffer(), offset);
        if (wanted) {
            view.show(seek.window().buffer(), offset);
        }
        return true;
    }

    private boolean openCommit() {
        if (seek.nextPosition() >= end) {
            end = visible.bound().getAsLong();
            if (seek.nextPosition() >= end) {
                return false;
            }
        }
        CommitView commit = step();
        if (commit == null) {
            return false;
        }
        view.commit(commit.position(), commit.events(), commit.timeNs(), commit.epoch());
        epoch = commit.epoch();
        timeNs = commit.timeNs();
        offset = commit.firstEventOffset();
        left = commit.events();
        for (long skipped = commit.position(); skipped <= position; skipped++) {
            offset += eventLength();
            left--;
        }
        return true;
    }

    /** The next commit, whole; null if there is none yet. A damaged one is met again at the next try, and never passed over. */
    private CommitView step() {
        long address = seek.nextAddress();
        long first = seek.nextPosition();
        try {
            boolean mustBeThere = end != Long.MAX_VALUE || first < foundEnd;
            CommitView commit = mustBeThere ? seek.step() : seek.tryStep();
            if (commit != null) {
                seek.verify();
            }
            return commit;
        } catch (Throwable e) {
            seek.toDocument(address, first);
            throw e;
        }
    }

    private int eventLength() {
        return seek.window().buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
    }

    /** True once the store is closed. */
    public boolean isStoreClosed() {
        return reads.isClosed();
    }

    /** True if the filter accepts the event. */
    public boolean isWanted() {
        return wanted;
    }

    /** The event, if it is wanted. */
    public EventView event() {
        return view;
    }

    /** True if the event is the last of its commit. */
    public boolean isCommitEnd() {
        return left == 0;
    }

    /** Epoch of the event. */
    public int epoch() {
        return epoch;
    }

    /** Position of the event; the one before the start at first. */
    public long position() {
        return position;
    }

    /** The position behind the newest visible event. */
    public long visibleEnd() {
        return visible.end().getAsLong();
    }
}
