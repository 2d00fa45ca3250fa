package io.daybook.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
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
        Files.walkFileTree(folder.toRealPath(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                take(visited, FOLDER);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) { // a link leads to what is not ours
                    take(visited, FILE);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path visited, IOException failure) {
                warn(visited, failure);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
                return FileVisitResult.CONTINUE; // whoever lists a folder meets files that others delete or rename meanwhile
            }
        });
    }

    private static void take(Path file, Set<PosixFilePermission> wanted) {
        try {
            if (!Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(wanted)) {
                Files.setPosixFilePermissions(file, wanted);
            }
        } catch (IOException e) {
            warn(file, e);
        }
    }

    private static void warn(Path file, IOException failure) {
        if (!(failure instanceof NoSuchFileException)) {
            LOG.warn("Others' rights on a file of the journal cannot be taken: file={} cause={}", file, failure.toString());
        }
    }
}
