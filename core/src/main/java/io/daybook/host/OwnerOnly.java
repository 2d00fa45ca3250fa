package io.daybook.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes files and folders that nobody but their owner may read or write, whatever the umask says. Internal: not part of the API. */
public final class OwnerOnly {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> FILE_ATTRIBUTE = PosixFilePermissions.asFileAttribute(FILE);

    private OwnerOnly() {
    }

    /** Makes a folder, and those above it as the host makes folders. One that is there stays as it is. */
    public static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** Opens a file; if that makes it, for its owner only. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.copyOf(List.of(options)), FILE_ATTRIBUTE);
    }

    /**
     * Takes the rights of all others on everything in a folder, and on the folder: what libraries and older versions have made. What
     * belongs to somebody else stays as it is.
     */
    public static void restrict(Path folder) throws IOException {
        while (!restricted(folder)) {
            Thread.onSpinWait(); // another process renamed or deleted a file meanwhile
        }
    }

    private static boolean restricted(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                restrictOne(file);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return false;
            }
            throw e.getCause();
        }
    }

    private static void restrictOne(Path file) throws IOException {
        boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        if (!isFolder && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return; // a link leads to what is not ours
        }
        Set<PosixFilePermission> wanted = isFolder ? FOLDER : FILE;
        if (!Files.getPosixFilePermissions(file).equals(wanted)) {
            try {
                Files.setPosixFilePermissions(file, wanted);
            } catch (NoSuchFileException e) {
                throw e;
            } catch (FileSystemException e) {
                LOG.warn("Others' rights on a file of the journal cannot be taken: file={} cause={}", file, e.getMessage());
            }
        }
    }
}
