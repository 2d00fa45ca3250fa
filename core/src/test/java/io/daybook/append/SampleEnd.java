package io.daybook.append;

import io.daybook.StoreClock;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.envelope.DerivedId;
import io.daybook.index.EntityHash;
import io.daybook.index.EntityIndex;
import io.daybook.index.IndexDisk;
import io.daybook.index.IndexSettings;
import io.daybook.journal.Forcer;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.JournalWriter;
import io.daybook.journal.StateFile;
import io.daybook.journal.Windows;
import io.daybook.read.Reads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.Lock;

/** The writing side of a new journal with every part in a test's hands, and no agent running unless it is started. */
final class SampleEnd implements AutoCloseable {

    static final UUID IDENTITY = new UUID(0x1111_2222_3333_4444L, 0x8555_6666_7777_8888L);
    static final int MAX_PAYLOAD = 1 << 16;
    static final int EPOCH = 2;

    final JournalFolder folder;
    final StoreSettings settings;
    private final JournalFile fixed;
    final DerivedId derived = new DerivedId(IDENTITY);
    final AppendLock lock = new AppendLock();
    final Windows windows;
    final EntityIndex index;
    final JournalWriter writer;
    final Forcer forcer;
    final Reads reads;
    final WriteSide side;
    private boolean closed;

    SampleEnd(Path root) throws IOException {
        this(root, StoreSettings.create(), IndexSettings.hash(1, 2), null);
    }

    /** {@code forced}: the folder that is forced instead of the journal's; null for the journal's own. */
    SampleEnd(Path root, StoreSettings settings, EntityHash hash, JournalFolder forced) throws IOException {
        this(root, settings, hash, forced, null);
    }

    /** {@code flushLock}: what a flush takes instead of the store's lock; for whoever flushes while it holds that. */
    SampleEnd(Path root, StoreSettings settings, EntityHash hash, JournalFolder forced, Lock flushLock) throws IOException {
        this.settings = settings;
        folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        Files.createDirectories(folder.index());
        long cycleBytes = settings.cycleBytes() == 0 ? 1 << 30 : settings.cycleBytes();
        fixed = new JournalFile(IDENTITY, 1, 2, 0, cycleBytes, MAX_PAYLOAD);
        windows = new Windows(folder);
        index = IndexDisk.open(new IndexSettings(folder.index(), IDENTITY, new UUID(0, 1), hash, settings.headTableBytes(), 64,
                settings.flushEvents(), settings.headsFileEvents(), Thread::new), true, flushLock == null ? lock : flushLock);
        forcer = new Forcer(forced == null ? folder : forced, StateFile.open(folder), 0, Address.of(0, 0));
        writer = JournalWriter.open(folder, cycleBytes, Address.of(0, 0));
        reads = new Reads(windows, index, derived, () -> closed);
        side = over(windows);
    }

    /** A writing side that reads its own end through these windows. */
    WriteSide over(Windows seen) {
        WriteSide.Ground ground = new WriteSide.Ground(new JournalEnd.Parts(writer, seen, forcer, index), reads, derived, fixed,
                folder.root());
        return WriteSide.create(ground, new WriteSide.Start(0, Address.of(0, 0), Long.MIN_VALUE, EPOCH, 0), settings, lock);
    }

    JournalEnd end() {
        return side.end();
    }

    AppendPath path() {
        return side.path();
    }

    void startAgent() {
        side.start(settings, "of-a-test");
    }

    @Override
    public void close() {
        closed = true;
        writer.close();
        index.abandon();
    }

    /** A clock that stands where a test puts it. */
    static class Hands implements StoreClock {
        long ns = 1_700_000_000_000_000_000L;

        @Override
        public long wallNs() {
            return ns;
        }

        @Override
        public long monotonicNs() {
            return ns;
        }
    }
}
