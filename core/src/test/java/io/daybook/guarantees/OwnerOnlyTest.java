package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in a journal is its owner's affair: nobody else may read a file or list a folder of it, whatever the umask says. */
class OwnerOnlyTest extends JournalTest {

    private final Set<String> seen = new TreeSet<>();

    @Test
    void filesAndFoldersAreTheirOwnersOnly() throws Exception {
        try (EventStore store = EventStore.open(folder, small().headsFileEvents(20))) {
            try (Subscription named = store.subscribe(Follow.from(StartFrom.beginning()).named("all"), event -> { })) {
                fill(store);
                assertTrue(named.awaitPosition(store.endPosition() - 1, Duration.ofSeconds(30)));
                assertOwnerOnly();
            }
        }
        assertOwnerOnly();
        for (String kind : List.of(".cq4", ".cq4t", ".map", "heads.dbk", "positions.dbk", "watermark.dbk", "state.dbk", "owner.lock",
            "owner.pid", "all.lock", "all.dbk", "epochs.dbk", "journal.dbk")) {
            assertTrue(seen.stream().anyMatch(name -> name.endsWith(kind)), () -> kind + " was not there: " + seen);
        }
    }

    @Test
    void aJournalThatOthersCouldReadIsTheOwnersFromTheNextOpenOn() throws Exception {
        EventStore.open(folder, small()).close();
        Path link = Files.createSymbolicLink(temp.resolve("link"), folder);
        for (Path path : List.of(folder, link)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    String all = Files.isDirectory(file) ? "rwxrwxrwx" : "rw-rw-rw-";
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(all));
                }
            }
            try (EventStore store = EventStore.open(path, small())) {
                store.append("a", Expected.any(), Events.event("Happened", "1"));
                assertOwnerOnly();
            }
        }
    }

    private void fill(EventStore store) {
        for (int i = 0; i < 400; i++) {
            store.append("entity-" + i, Expected.absent(), NewEvent.of("Happened", bytes(10_000, i)));
        }
    }

    /** The store goes on working meanwhile: a file of the index that it replaced after it was listed has no permissions any more. */
    private void assertOwnerOnly() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                return assertPermissions(directory, "rwx------");
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return assertPermissions(file, "rw-------");
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private FileVisitResult assertPermissions(Path path, String wanted) throws IOException {
        try {
            assertEquals(wanted, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), path.toString());
            seen.add(path.getFileName().toString());
        } catch (NoSuchFileException replaced) {
            assertFalse(Files.exists(path), path.toString());
        }
        return FileVisitResult.CONTINUE;
    }
}
