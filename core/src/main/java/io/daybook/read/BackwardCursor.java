package io.daybook.read;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.envelope.CommitView;
import io.daybook.envelope.EventDescriptor;
import java.util.Arrays;

/**
 * Hands out the journal's events newest first, from {@code end - 1} down to {@code first}. Documents cannot be stepped through backwards:
 * the commits between two entries of the position table are listed forwards and taken from the end of the list, the same with the events
 * of a commit.
 */
final class BackwardCursor extends ReadCursor {

    private final CommitSeek seek;
    private final EventFilter filter;
    private final long first;
    private long left;
    private long position;
    private long entry;
    private long[] addresses = new long[64];
    private long[] positions = new long[64];
    private int commits;
    private int[] offsets = new int[16];
    private int events;

    BackwardCursor(Reads reads, CommitSeek seek, EventFilter filter, long limit, Stretch stretch) {
        super(reads);
        this.seek = seek;
        this.filter = filter;
        first = stretch.first();
        left = limit;
        position = stretch.end();
        entry = position > first ? seek.table().findPosition(position - 1) + 1 : 0;
    }

    @Override
    boolean step() {
        while (left > 0 && position > first) {
            if (events == 0) {
                openCommit();
            }
            position--;
            int offset = offsets[--events];
            if (filter.accepts(seek.window().buffer(), offset)) {
                view.show(seek.window().buffer(), offset);
                left--;
                return true;
            }
        }
        return false;
    }

    private void openCommit() {
        if (commits == 0) {
            listCommits();
        }
        commits--;
        seek.toDocument(addresses[commits], positions[commits]);
        CommitView commit = seek.step();
        seek.verify();
        view.commit(commit.position(), commit.events(), commit.timeNs(), commit.epoch());
        listEvents(commit, (int) (position - commit.position()));
    }

    private void listCommits() {
        entry--;
        seek.toEntry(entry);
        while (seek.nextPosition() < position) {
            if (commits == addresses.length) {
                addresses = Arrays.copyOf(addresses, 2 * commits);
                positions = Arrays.copyOf(positions, 2 * commits);
            }
            CommitView commit = seek.step();
            addresses[commits] = seek.documentAddress();
            positions[commits++] = commit.position();
        }
    }

    private void listEvents(CommitView commit, int wanted) {
        if (wanted > offsets.length) {
            offsets = new int[Math.max(wanted, 2 * offsets.length)];
        }
        int offset = commit.firstEventOffset();
        for (events = 0; events < wanted; events++) {
            offsets[events] = offset;
            offset += seek.window().buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
    }
}
