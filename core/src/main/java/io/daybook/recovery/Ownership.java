package io.daybook.recovery;

import io.daybook.JournalInUseException;
import io.daybook.host.OwnerOnly;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.ProcessLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Ownership of a journal's folder: whoever holds its lock writes, and leaves its process id for those who come too late. */
final class Ownership implements AutoCloseable {

    private final JournalFolder folder;
    private final ProcessLock lock;

    private Ownership(JournalFolder folder, ProcessLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Takes the folder, which must exist, or refuses at once. */
    static Ownership take(JournalFolder folder) throws IOException {
        ProcessLock lock = ProcessLock.tryTake(folder.ownerLock());
        if (lock == null) {
            throw new JournalInUseException("Another store owns the journal: folder=" + folder.root() + " ownerPid=" + readPid(folder));
        }
        try {
            writePid(folder);
            return new Ownership(folder, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void writePid(JournalFolder folder) throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
        try (FileChannel file = OwnerOnly.open(folder.ownerPid(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(pid));
        }
    }

    private static String readPid(JournalFolder folder) {
        try {
            return Long.toString(Long.parseLong(Files.readString(folder.ownerPid()).trim()));
        } catch (IOException | NumberFormatException e) {
            return "unknown";
        }
    }

    /** Gives the folder up. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(folder.ownerPid());
        } finally {
            lock.close();
        }
    }
}
