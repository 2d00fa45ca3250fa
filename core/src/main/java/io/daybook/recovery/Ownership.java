package io.daybook.recovery;

import io.daybook.JournalInUseException;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ownership of a journal's folder: a lock of the operating system, which the kernel releases the instant its holder dies, and a table of
 * this JVM, because such a lock does not keep a process from itself. Nothing else ever opens the lock file: closing any channel on it
 * would give the lock away. Internal: not part of the API.
 */
final class Ownership implements AutoCloseable {

    private static final Set<Object> OWNED_HERE = ConcurrentHashMap.newKeySet();
    private static final Set<FileChannel> NEVER_CLOSED = ConcurrentHashMap.newKeySet();

    private final JournalFolder folder;
    private final Object key;
    private final FileChannel channel;

    private Ownership(JournalFolder folder, Object key, FileChannel channel) {
        this.folder = folder;
        this.key = key;
        this.channel = channel;
    }

    /** Takes the folder, which must exist, or refuses at once. */
    static Ownership take(JournalFolder folder) throws IOException {
        Object key = keyOf(folder.root());
        if (!OWNED_HERE.add(key)) {
            throw refusal(folder, ProcessHandle.current().pid());
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(folder.ownerLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw refusal(folder, readPid(folder));
            }
            Files.writeString(folder.ownerPid(), Long.toString(ProcessHandle.current().pid()));
            return new Ownership(folder, key, channel);
        } catch (OverlappingFileLockException e) {
            // Owned through another class loader. Closing this channel would give that lock away, so it stays open for ever.
            NEVER_CLOSED.add(channel);
            OWNED_HERE.remove(key);
            throw refusal(folder, ProcessHandle.current().pid());
        } catch (IOException | RuntimeException e) {
            release(key, channel);
            throw e;
        }
    }

    private static void release(Object key, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            OWNED_HERE.remove(key);
        }
    }

    /** The same for every name of the folder. */
    private static Object keyOf(Path root) throws IOException {
        Object fileKey = Files.readAttributes(root, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
        return fileKey == null ? root.toRealPath() : fileKey;
    }

    private static JournalInUseException refusal(JournalFolder folder, long pid) {
        return new JournalInUseException("Another store owns the journal: folder=" + folder.root() + " ownerPid=" + (pid < 0 ? "unknown"
                : pid));
    }

    private static long readPid(JournalFolder folder) {
        try {
            return Long.parseLong(Files.readString(folder.ownerPid()).trim());
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /** Gives the folder up. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(folder.ownerPid());
        } finally {
            release(key, channel);
        }
    }
}
