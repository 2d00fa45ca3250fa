package io.daybook.read;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.ReadRange;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.EventDescriptor;

/** Hands out the journal's events in order of their positions, from {@code first} up to but not including {@code end}. */
final class PositionCursor extends ReadCursor {

    private final CommitSeek seek;
    private final EventFilter filter;
    private final ReadRange range;
    private final long first;
    private final long end;
    private long left;
    private long position;
    private int offset;
    private CommitView commit;

    PositionCursor(Reads reads, CommitSeek seek, EventFilter filter, ReadRange range, Stretch stretch) {
        super(reads);
        this.seek = seek;
        this.filter = filter;
        this.range = range;
        first = stretch.first();
        end = stretch.end();
        left = range.limit();
        position = first - 1;
    }

    @Override
    boolean step() {
        while (left > 0 && position + 1 < end) {
            if (commit == null || position + 1 >= commit.position() + commit.events()) {
                openCommit(position + 1);
                if (commit.timeNs() > range.toTimeNs()) {
                    left = 0;
                    return false;
                }
                view.commit(commit.position(), commit.events(), commit.timeNs(), commit.epoch());
            } else {
                offset += eventLength();
            }
            position++;
            if (filter.accepts(seek.window().buffer(), offset)) {
                view.show(seek.window().buffer(), offset);
                left--;
                return true;
            }
        }
        return false;
    }

    private void openCommit(long wanted) {
        boolean started = commit != null;
        commit = started ? seek.step() : seek.toPosition(first);
        seek.verify();
        offset = commit.firstEventOffset();
        for (long skipped = commit.position(); skipped < wanted; skipped++) {
            offset += eventLength();
        }
    }

    private int eventLength() {
        return seek.window().buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
    }
}
