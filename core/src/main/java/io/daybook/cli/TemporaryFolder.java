package io.daybook.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is deleted at the end, also when the user breaks off. */
final class TemporaryFolder implements Closeable {

    private final Path path;
    private final Thread atExit = new Thread(this::delete, "daybook-cleanup");

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    static TemporaryFolder in(Path place) throws IOException {
        TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(place, "daybook-demo-"));
        Runtime.getRuntime().addShutdownHook(folder.atExit);
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The user has broken off: the hook is running already.
        }
    }

    /** As much as can be: a demo that ends well is not to fail because of it. */
    private void delete() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException left) {
            if (Files.exists(path)) System.getLogger(TemporaryFolder.class.getName()).log(System.Logger.Level.DEBUG, "not deleted", left);
        }
    }
}
