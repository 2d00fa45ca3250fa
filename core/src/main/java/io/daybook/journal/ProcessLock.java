package io.daybook.journal;

import io.daybook.host.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one holder at a time has over all processes: a lock of the operating system, which the kernel releases the instant its
 * holder dies, and a table of this JVM, because such a lock does not keep a process from itself. Nothing else may ever open the file:
 * closing any channel on it would give the lock away. Thread-safe. Internal: not part of the API.
 */
public final class ProcessLock implements AutoCloseable {

    private static final Set<Object> HELD_HERE = ConcurrentHashMap.newKeySet();
    private static final Set<FileChannel> NEVER_CLOSED = ConcurrentHashMap.newKeySet();

    private final Object key;
    private final FileChannel channel;
    private boolean closed;

    private ProcessLock(Object key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /** Takes the file, and makes it if it is missing; its folder must exist. Answers null, at once, if somebody else has it. */
    public static ProcessLock tryTake(Path file) throws IOException {
        Object key = List.of(keyOf(file.toAbsolutePath().getParent()), file.getFileName().toString());
        if (!HELD_HERE.add(key)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new ProcessLock(key, channel);
            }
        } catch (OverlappingFileLockException e) {
            // Held through another class loader. Closing this channel would give that lock away, so it stays open for ever.
            NEVER_CLOSED.add(channel);
            HELD_HERE.remove(key);
            return null;
        } catch (Throwable e) {
            release(key, channel);
            throw e;
        }
        release(key, channel);
        return null;
    }

    private static void release(Object key, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD_HERE.remove(key);
        }
    }

    /** The same for every name of the folder. */
    private static Object keyOf(Path folder) throws IOException {
        Object fileKey = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        return fileKey == null ? folder.toRealPath() : fileKey;
    }

    /** Gives it up. A second call does nothing: it may be another's by then. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            release(key, channel);
        }
    }
}
