package io.daybook.recovery;

import io.daybook.JournalDamagedException;
import io.daybook.JournalId;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.envelope.DerivedId;
import io.daybook.index.EntityHash;
import io.daybook.index.EntityIndex;
import io.daybook.index.IndexDamagedException;
import io.daybook.index.IndexSettings;
import io.daybook.index.PublishedHeads;
import io.daybook.journal.BootId;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import io.daybook.journal.Windows;
import io.daybook.read.Reads;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A journal that is only read, beside its owner or without one. Each call of {@link #catchUp} brings the heads in memory up to what is
 * visible by then. Writes nothing, locks nothing. Internal: not part of the API.
 */
public final class ReadingJournal implements OpenJournal {

    private final JournalFolder folder;
    private final JournalFile fixed;
    private final EntityIndex index;
    private final Windows windows;
    private final Reads reads;
    private final Replay replay;
    private StateFile.Reader durable;
    private final ReentrantLock catchingUp = new ReentrantLock();
    private volatile boolean closed;

    private ReadingJournal(JournalFolder folder, JournalFile fixed, Windows windows, EntityIndex index, Replay replay) {
        this.folder = folder;
        this.fixed = fixed;
        this.windows = windows;
        this.index = index;
        this.replay = replay;
        reads = new Reads(windows, index, new DerivedId(fixed.identity()), () -> closed);
    }

    /** Opens; the journal must exist. {@code hash}: null for the journal's own. */
    public static ReadingJournal open(JournalFolder folder, StoreSettings settings, EntityHash hash) throws IOException {
        JvmFlags.requireAll();
        Surroundings.requirePlatform();
        if (!Files.exists(folder.journalFile())) {
            throw JournalFile.noJournal(folder, "The folder holds no journal: folder=" + folder.root());
        }
        Surroundings.requireFileSystem(folder.root());
        JournalFile fixed = JournalFile.read(folder, settings);
        UUID bootId = BootId.current();
        HowItWasLeft left = HowItWasLeft.look(folder, bootId);
        IndexSettings indexSettings = new IndexSettings(folder.index(), fixed.identity(), bootId,
                hash == null ? IndexSettings.hash(fixed.hashKeyHigh(), fixed.hashKeyLow()) : hash, settings.headTableBytes(),
                settings.indexCapacity(), settings.flushEvents(), settings.headsFileEvents(), settings.threadFactory());
        ReentrantLock lock = new ReentrantLock();
        Windows windows = new Windows(folder);
        DamageCheck check = new DamageCheck(folder, windows);
        for (boolean trusted = true; ; trusted = false) {
            EntityIndex index = PublishedHeads.open(indexSettings, trusted, lock);
            try {
                ReadingJournal journal = new ReadingJournal(folder, fixed, windows, index, new Replay(folder, windows, index, lock));
                check.requireWhatWasSeen(journal.readOn(), left, HowItWasLeft.look(folder, bootId));
                return journal;
            } catch (IndexDamagedException e) {
                if (trusted && !left.machineStopped()) {
                    check.requireIndexed(index.watermark(), index.endTimeNs());
                }
                if (!trusted) {
                    throw new JournalDamagedException("Versions or pointers of the journal contradict each other (" + e.getMessage() + ")",
                            folder.queue().toString(), 0);
                }
            }
        }
    }

    @Override
    public long catchUp() {
        return readOn().position();
    }

    private Tail readOn() {
        catchingUp.lock();
        try {
            Tail tail = replay.run(() -> { });
            if (tail.reason() == DocumentScanner.Step.BROKEN) {
                throw new JournalDamagedException("The journal has no valid commit where one must be: position=" + tail.position(),
                        windows.fileName(Address.cycle(tail.address())), Address.offset(tail.address()));
            }
            return tail;
        } finally {
            catchingUp.unlock();
        }
    }

    /** As the owner published it last. */
    @Override
    public long durablePosition() {
        try {
            return Math.min(StateFile.peekDurable(folder.stateFile()), replay.position());
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whatever is found: looking for the end would cost as much. */
    @Override
    public LongSupplier visible() {
        return () -> Long.MAX_VALUE;
    }

    @Override
    public LongSupplier durable() {
        return this::publishedDurablePosition;
    }

    @Override
    public LongSupplier growth() {
        return null;
    }

    /** Cheap, and not bounded by what was read. */
    private synchronized long publishedDurablePosition() {
        if (durable == null) {
            durable = StateFile.reader(folder.stateFile());
        }
        return durable == null ? 0 : durable.durablePosition();
    }

    @Override
    public JournalId id() {
        try {
            List<EpochFile.Epoch> epochs = EpochFile.read(folder);
            return new JournalId(fixed.identity(), epochs.get(epochs.size() - 1).number());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public Reads reads() {
        return reads;
    }

    @Override
    public EntityIndex index() {
        return index;
    }

    @Override
    public JournalFile fixed() {
        return fixed;
    }

    @Override
    public JournalFolder folder() {
        return folder;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
