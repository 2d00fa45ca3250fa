package io.daybook.recovery;

import io.daybook.JournalDamagedException;
import io.daybook.JournalId;
import io.daybook.RecoveryReport;
import io.daybook.StoreClosedException;
import io.daybook.StoreSettings;
import io.daybook.append.AppendLock;
import io.daybook.append.JournalEnd;
import io.daybook.append.WriteSide;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.DerivedId;
import io.daybook.host.OwnerOnly;
import io.daybook.index.EntityHash;
import io.daybook.index.EntityIndex;
import io.daybook.index.IndexDamagedException;
import io.daybook.index.IndexDisk;
import io.daybook.index.IndexSettings;
import io.daybook.index.PositionTable;
import io.daybook.journal.BootId;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.EpochFile;
import io.daybook.journal.Forcer;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.JournalWriter;
import io.daybook.journal.StateFile;
import io.daybook.journal.Windows;
import io.daybook.read.Reads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a journal for writing, and closes it: own the folder, read what was fixed, scan with our own scanner before Chronicle opens
 * anything, cut a torn tail, begin a new epoch where positions may have been lost, bring the index up, start. Guarantee 8's line between
 * torn and damaged is drawn in {@link DamageCheck}. Internal: not part of the API.
 */
public final class OwnedJournal implements OpenJournal {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedJournal.class);

    private final JournalFolder folder;
    private final StoreSettings settings;
    private final AppendLock lock = new AppendLock();
    private final UUID bootId = BootId.current();
    private final Ownership ownership;
    private JournalFile fixed;
    private List<EpochFile.Epoch> epochs;
    private Windows windows;
    private volatile EntityIndex index;
    private StateFile state;
    private JournalWriter writer;
    private Forcer forcer;
    private volatile Reads reads;
    private volatile WriteSide writeSide;
    private RecoveryReport report;
    private volatile boolean closed;

    private OwnedJournal(JournalFolder folder, StoreSettings settings, Ownership ownership) {
        this.folder = folder;
        this.settings = settings;
        this.ownership = ownership;
    }

    /** Opens, creating the journal if the folder is missing or empty. {@code hash}: null for the journal's own. */
    public static OwnedJournal open(JournalFolder folder, StoreSettings settings, EntityHash hash) throws IOException {
        JournalCreation.prepare(folder, settings);
        OwnedJournal journal = new OwnedJournal(folder, settings, Ownership.take(folder));
        try {
            journal.recover(hash);
            return journal;
        } catch (Throwable e) {
            journal.abandon(e);
            throw e;
        }
    }

    private void recover(EntityHash hash) throws IOException {
        long startedNs = System.nanoTime();
        fixed = JournalCreation.readOrCreate(folder, settings);
        epochs = EpochFile.read(folder);
        HowItWasLeft left = HowItWasLeft.look(folder, bootId);
        TornTail torn = new TornTail(folder);
        if (left.clean()) {
            torn.clearBehind(left.closedAt());
        } else {
            torn.setAsideUnfinishedFiles(left.machineStopped());
        }
        windows = new Windows(folder);
        // Behind what moves files away, before what does so again.
        ForceAhead forcing = ForceAhead.begin(folder, left, settings.threadFactory());
        Tail tail;
        try (forcing) {
            tail = replay(hash, left.ownerKilled());
        }
        long durable = Math.max(tail.durablePosition(), left.durablePosition());
        DamageCheck check = new DamageCheck(folder, windows);
        check.requireNotDamaged(tail, left, durable);
        check.requireEveryFile(index.positions());
        long startAddress = tail.address();
        if (!left.clean()) {
            // Even a kill leaves bytes of a half-written document behind the end, which would be taken for headers: never write over them.
            torn.cut(tail.address(), left.machineStopped());
            torn.deleteOldCopies();
            windows.forget();
        }
        if ((!left.clean() || tail.reason() == DocumentScanner.Step.CLOSED) && Address.offset(tail.address()) > 0) {
            startAddress = Address.of(Address.cycle(tail.address()) + 1, 0);
        }
        if (left.machineStopped()) {
            beginEpoch(tail.position());
        }
        start(tail, startAddress, left.clean() ? tail.position() : durable);
        if (left.machineStopped()) {
            // Where nobody knows whether it did, what was read may be in memory only.
            forcer.force(tail.position(), () -> new Forcer.Mark(tail.position(), tail.address()), Long.MAX_VALUE);
        }
        report = new RecoveryReport(left.clean(), left.machineStopped(), left.machineStopped(), tail.position(), tail.replayed(),
                index.rebuilt() && !left.fresh(), torn.cut(), torn.setAside(), Duration.ofNanos(System.nanoTime() - startedNs));
        LOG.info("The journal is open: folder={} epoch={} {}", folder.root(), epoch(), report);
    }

    private Tail replay(EntityHash hash, boolean ownerKilled) throws IOException {
        IndexSettings indexSettings = new IndexSettings(folder.index(), fixed.identity(), bootId,
                hash == null ? IndexSettings.hash(fixed.hashKeyHigh(), fixed.hashKeyLow()) : hash, settings.headTableBytes(),
                settings.indexCapacity(), settings.flushEvents(), settings.headsFileEvents(), settings.threadFactory());
        for (boolean trusted = true; ; trusted = false) {
            index = IndexDisk.open(indexSettings, trusted, lock);
            long indexed = index.watermark();
            long indexedTimeNs = index.endTimeNs();
            try {
                return new Replay(folder, windows, index, lock).run(index::flushIfFull);
            } catch (IndexDamagedException e) {
                index.abandon();
                if (trusted && ownerKilled) {
                    new DamageCheck(folder, windows).requireIndexed(indexed, indexedTimeNs);
                }
                if (!trusted) {
                    throw new JournalDamagedException("Versions or pointers of the journal contradict each other (" + e.getMessage() + ")",
                            folder.queue().toString(), 0);
                }
                LOG.warn("The index does not fit the journal and is rebuilt: ownerKilled={} cause={}", ownerKilled, e.getMessage());
            }
        }
    }

    private void beginEpoch(long startPosition) throws IOException {
        if (epoch() == CommitDescriptor.MAX_EPOCH) {
            throw new IllegalStateException("The journal has as many epochs as a journal can have: epoch=" + epoch());
        }
        epochs = EpochFile.next(epochs, startPosition, settings.clock().wallNs());
        EpochFile.write(folder, epochs);
    }

    private int epoch() {
        return epochs.get(epochs.size() - 1).number();
    }

    private void start(Tail tail, long startAddress, long forcedPosition) throws IOException {
        state = StateFile.open(folder);
        // Before the record, which says that they are of this boot: a kill in between would leave those of an end that a stop took.
        state.durablePosition(forcedPosition);
        state.endPosition(tail.position());
        state.write(new StateFile.Record(bootId, false, tail.position(), tail.address(), tail.timeNs()));
        boolean allForced = forcedPosition == tail.position();
        forcer = new Forcer(folder, state, forcedPosition, allForced ? tail.address() : addressBefore(forcedPosition));
        forcer.doubt(tail.address());
        OwnerOnly.createFolder(folder.queue());
        writer = JournalWriter.open(folder, fixed.cycleBytes(), startAddress);
        OwnerOnly.restrict(folder.root());
        DerivedId derived = new DerivedId(fixed.identity());
        reads = new Reads(windows, index, derived, () -> closed);
        JournalEnd.Parts parts = new JournalEnd.Parts(writer, windows, forcer, index);
        WriteSide.Ground ground = new WriteSide.Ground(parts, reads, derived, fixed, folder.root());
        WriteSide.Start begin = new WriteSide.Start(tail.position(), startAddress, tail.timeNs(), epoch(),
                epochs.get(epochs.size() - 1).startPosition());
        writeSide = WriteSide.create(ground, begin, settings, lock);
        writeSide.start(settings, String.valueOf(folder.root().getFileName()));
    }

    private long addressBefore(long position) {
        PositionTable table = index.positions();
        long entry = table.findPosition(position);
        int[] cycles = folder.cycles();
        if (entry < 0) {
            return Address.of(cycles.length == 0 ? 0 : cycles[0], 0);
        }
        return Address.of(Address.cycle(table.address(entry)), 0); // from the start: Chronicle's own pages stand there
    }

    /** Brings everything to disk and says so, so that the next open has nothing to do. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        boolean indexIsSound = writeSide.stop();
        closed = true;
        try {
            boolean forced = force();
            writer.close();
            if (forced) {
                state.write(new StateFile.Record(bootId, true, writeSide.end().position(), writeSide.end().address(), index.endTimeNs()));
            }
            close(index, indexIsSound && forced);
        } finally {
            letGo();
            ownership.close();
        }
    }

    /** What is derived must not make the close of the journal fail. */
    private void close(EntityIndex derived, boolean sound) {
        try {
            if (sound) {
                derived.close();
            } else {
                derived.abandon();
            }
        } catch (RuntimeException e) {
            LOG.error("The index could not be closed; the next open brings it up to date: folder={}", folder.root(), e);
            derived.abandon();
        }
    }

    /** A closed store that somebody still refers to must not keep mappings, and with them the room of deleted files. */
    private void letGo() {
        windows = null;
        index = null;
        state = null;
        writer = null;
        forcer = null;
        reads = null;
        writeSide = null;
    }

    private static <T> T unlessClosed(T part) {
        if (part == null) {
            throw new StoreClosedException("The store was closed");
        }
        return part;
    }

    private boolean force() {
        try {
            writeSide.path().force(writeSide.end().position(), Long.MAX_VALUE);
            if (forcer.failure() == null && writeSide.end().isSound()) {
                writer.clearEnd();
                return true;
            }
        } catch (RuntimeException e) {
            LOG.error("The journal could not be forced when it was closed; the next open recovers it: folder={}", folder.root(), e);
        }
        return false;
    }

    private void abandon(Throwable cause) {
        closed = true;
        try {
            if (writeSide != null) {
                writeSide.stop();
            }
            if (writer != null) {
                writer.close();
            }
            if (index != null) {
                index.abandon();
            }
        } catch (Throwable e) {
            cause.addSuppressed(e);
        }
        try {
            ownership.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public long catchUp() {
        return writeSide().end().position();
    }

    @Override
    public long durablePosition() {
        return writeSide().end().durablePosition();
    }

    @Override
    public LongSupplier visible() {
        return this::catchUp;
    }

    @Override
    public LongSupplier durable() {
        return this::durablePosition;
    }

    @Override
    public LongSupplier growth() {
        return () -> catchUp() + durablePosition();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Everything that writes. */
    public WriteSide writeSide() {
        return unlessClosed(writeSide);
    }

    @Override
    public Reads reads() {
        return unlessClosed(reads);
    }

    @Override
    public EntityIndex index() {
        return unlessClosed(index);
    }

    /** What open found and did. */
    public RecoveryReport report() {
        return report;
    }

    @Override
    public JournalId id() {
        return new JournalId(fixed.identity(), epoch());
    }

    @Override
    public JournalFile fixed() {
        return fixed;
    }

    @Override
    public JournalFolder folder() {
        return folder;
    }
}
