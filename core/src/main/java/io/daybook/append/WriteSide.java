package io.daybook.append;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.StoreSettings;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.DerivedId;
import io.daybook.envelope.EventDescriptor;
import io.daybook.journal.JournalFile;
import io.daybook.read.CommitSeek;
import io.daybook.read.Reads;
import java.nio.file.Path;

/**
 * Everything of a store that writes, put together. Internal: not part of the API.
 *
 * @param end   the growing end of the journal
 * @param path  the way to it
 * @param agent the housekeeping thread
 * @param force the background interval's thread
 */
public record WriteSide(JournalEnd end, AppendPath path, StoreAgent agent, BackgroundForce force) {

    /**
     * Where the journal ends when the store is opened.
     *
     * @param position   the position that the next event gets
     * @param address    where the next document begins
     * @param timeNs     time of the newest commit
     * @param epoch      the epoch that is written in
     * @param epochStart the first position of that epoch
     */
    public record Start(long position, long address, long timeNs, int epoch, long epochStart) {
    }

    /**
     * What the writing side stands on.
     *
     * @param parts   the journal and its index
     * @param reads   reads them
     * @param derived makes and knows derived ids
     * @param fixed   what was fixed at creation
     * @param folder  of the journal
     */
    public record Ground(JournalEnd.Parts parts, Reads reads, DerivedId derived, JournalFile fixed, Path folder) {
    }

    /** What was counted since open. */
    public record Counts(long commits, long conflicts, long duplicates, long forces, long longestForceNs, long clockJumps) {
        /** Of a store that only reads. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
    }

    /** The counts as they are now. */
    public Counts counts() {
        return new Counts(path.commits(), path.conflicts(), path.duplicates(), end.forces(), end.longestForceNs(), end.clockJumps());
    }

    /** Puts the parts together; the agent is not running yet. */
    public static WriteSide create(Ground ground, Start start, StoreSettings settings, AppendLock lock) {
        IdWindow ids = new IdWindow(settings.idWindowEvents(), ground.derived, start.epoch, start.epochStart);
        load(ids, ground.reads.seek(), Math.max(0, start.position - settings.idWindowEvents()), start.position);
        CommitClock clock = new CommitClock(settings.clock(), settings.clockJumpBoundNs(), start.timeNs);
        JournalEnd end = new JournalEnd(ground.parts, clock, ids, start.epoch, lock);
        end.startAt(start.position, start.address);
        StoreAgent agent = new StoreAgent(end, settings.flushEvents(), new SpaceWatch(ground.folder, settings.lowSpaceBytes()));
        RepeatLookup repeats = new RepeatLookup(ground.reads, ground.derived);
        return new WriteSide(end, new AppendPath(end, agent, repeats, ground.fixed.maxPayloadBytes(), lock), agent,
                new BackgroundForce(end, settings.forceIntervalNs()));
    }

    /** Starts the threads. */
    public void start(StoreSettings settings, String journal) {
        agent.start(settings.threadFactory(), "daybook-agent-" + journal);
        force.start(settings.threadFactory(), "daybook-force-" + journal);
    }

    /** Refuses further appends and stops the threads; false if the index on disk could not be kept up to date. */
    public boolean stop() {
        path.close();
        force.stop();
        return agent.stop();
    }

    private static void load(IdWindow ids, CommitSeek seek, long from, long to) {
        ids.startAt(from);
        if (from == to) {
            return;
        }
        CommitView commit = seek.toPosition(from);
        while (true) {
            int offset = commit.firstEventOffset();
            for (int i = 0; i < commit.events(); i++) {
                int length = commit.eventLength(offset, commit.endOffset());
                if (length < 0) {
                    seek.verify();
                }
                if (commit.position() + i >= from) {
                    add(ids, commit, offset, length);
                }
                offset += length;
            }
            if (commit.position() + commit.events() == to) {
                return;
            }
            commit = seek.step();
        }
    }

    private static void add(IdWindow ids, CommitView commit, int offset, int length) {
        if (EventDescriptor.idGiven(commit.buffer().getShort(offset + EventDescriptor.NAME_OFFSET, ORDER))) {
            int at = offset + length - EventDescriptor.ID_LENGTH;
            ids.add(commit.buffer().getLong(at, ORDER), commit.buffer().getLong(at + 8, ORDER));
        } else {
            ids.addDerived(1);
        }
    }
}
