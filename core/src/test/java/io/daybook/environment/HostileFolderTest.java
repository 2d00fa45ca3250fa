package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.Host;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Folders that cannot be written, cannot be entered, are none, or are full of other people's files. */
class HostileFolderTest extends JournalTest {

    private static final int FOREIGN_FILES = Effort.times(5_000, 200_000);

    private List<String> everything;

    private void write() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 200; i++) {
                store.append("entity-" + i % 10, Expected.any(), NewEvent.of("Happened", bytes(10_000, i)));
            }
            everything = Events.all(store);
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("HostileFolderTest");
    }

    @Test
    void aReadOnlyFolderIsReadAndNotOpened() throws Exception {
        Host.requireRootAnd("aReadOnlyFolderIsReadAndNotOpened", "mount", "umount");
        write();
        Path mounted = Files.createDirectory(temp.resolve("mounted"));
        Host.require(Host.run("mount", "--bind", folder.toString(), mounted.toString()) == 0, "aReadOnlyFolderIsReadAndNotOpened",
            "mounting is not allowed here");
        try {
            Host.mustRun("mount", "-o", "remount,ro,bind", mounted.toString());
            for (int i = 0; i < 2; i++) {
                assertNamesFolder(mounted, assertThrows(UncheckedIOException.class, () -> EventStore.open(mounted, small())));
            }
            try (EventStore reading = EventStore.openReadOnly(mounted, StoreSettings.create())) {
                assertEquals(everything, Events.all(reading));
                assertEquals(19, reading.version("entity-3"));
                assertThrows(UncheckedIOException.class, () -> reading.poller(Follow.from(StartFrom.beginning()).named("n"), e -> { }));
                int[] seen = new int[1];
                try (Poller poller = reading.poller(Follow.from(StartFrom.beginning()), e -> seen[0]++)) {
                    assertEquals(200, poller.poll(1_000));
                }
                assertEquals(200, seen[0]);
                try (EventStore store = EventStore.open(folder, small())) {
                    store.append("entity-3", Expected.exactly(19), Events.event("Happened", "by the owner, where it can be written"));
                    assertEquals(20, reading.version("entity-3"));
                }
            }
        } finally {
            Host.mustRun("umount", "--lazy", mounted.toString()); // mappings end with garbage collection
        }
    }

    @Test
    void aFolderThatMayNotBeEnteredIsNamed() throws Exception {
        Host.requireRootAnd("aFolderThatMayNotBeEnteredIsNamed", "setpriv");
        List<String> powerless = List.of("setpriv",
            "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search");
        Host.require(Host.run("setpriv", powerless.get(1), powerless.get(2), "true") == 0, "aFolderThatMayNotBeEnteredIsNamed",
            "capabilities cannot be dropped here");
        write();
        for (String permissions : List.of("---------", "r-x------")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
            try (ChildJvm child = ChildJvm.startBehind(powerless, ChildJvm.ownFlags(), ChildAppender.class, folder)) {
                String refused = child.lineThatBegins("");
                assertTrue(refused.startsWith("refused") && refused.contains(folder.toString()), refused);
                assertTrue(refused.contains("AccessDenied"), refused);
                assertEquals(0, child.exitCode());
            } finally {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        }
        try (ChildJvm child = ChildJvm.startBehind(powerless, ChildJvm.ownFlags(), ChildAppender.class, folder)) {
            String opened = child.lineThatBegins("");
            assertTrue(opened.startsWith("opened at 200 "), () -> "it was the folder: " + opened);
        }
    }

    @Test
    void whatIsNoFolderIsNamedAndLeftAlone() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));
        Path file = Files.writeString(temp.resolve("file"), "mine");
        Path loop = Files.createSymbolicLink(temp.resolve("loop"), temp.resolve("loop"));
        for (Path path : List.of(link, file, loop, file.resolve("below"))) {
            assertNamesFolder(path, assertThrows(UncheckedIOException.class, () -> EventStore.open(path, small())));
            assertNamesFolder(path, assertThrows(RuntimeException.class, () -> EventStore.openReadOnly(path, StoreSettings.create())));
        }
        assertEquals("mine", Files.readString(file));
        assertFalse(Files.exists(link), "it still leads nowhere");
    }

    @Test
    void manyForeignFilesAreNobodysBusiness() throws IOException {
        write();
        for (String where : List.of("", "queue", "index", "followers", "set-aside")) {
            Path into = Files.createDirectories(folder.resolve(where));
            for (int i = 0; i < FOREIGN_FILES / 5; i++) {
                Files.createFile(into.resolve("foreign-" + i + ".txt"));
            }
        }
        long start = System.nanoTime();
        try (EventStore store = EventStore.open(folder, small())) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(200, store.append("entity-3", Expected.exactly(19), Events.event("Happened", "")).firstPosition());
            try (EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create())) {
                assertEquals(201, Events.all(reading).size());
            }
        }
        System.out.println("opened, read and closed beside " + FOREIGN_FILES + " foreign files: ms="
            + (System.nanoTime() - start) / 1_000_000);
        long foreign = JournalFiles.files(folder).stream().filter(file -> file.getFileName().toString().startsWith("foreign-")).count();
        assertEquals(FOREIGN_FILES / 5 * 5, foreign, "nothing of them was deleted");
    }

    private static void assertNamesFolder(Path path, RuntimeException e) {
        assertTrue(e.getMessage().contains(path.toString()), e::toString);
    }
}
