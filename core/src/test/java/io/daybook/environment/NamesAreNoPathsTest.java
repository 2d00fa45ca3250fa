package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalTest;
import io.daybook.Poller;
import io.daybook.StartFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guarantee 9: no name, type or content chooses a file. */
class NamesAreNoPathsTest extends JournalTest {

    private static final List<String> LIKE_PATHS = List.of("../../x", "/etc/passwd", "a/b", "..", ".", "~", "C:\\x", "..\\x", "%2e%2e%2fx",
        "file:///tmp/x", "queue/metadata.cq4t", "owner.lock", "journal.dbk", "$(touch x)", "*", "-rf", "x.dbk", " ",
        "a\u202eb", "\ud83d\ude80");
    private static final List<String> NEVER = List.of("a\u0000b", "\u0000", "a\nb", "a\u001b[2Jb");

    @Test
    void namesOfEntitiesAndTypesMakeNoFiles() throws IOException {
        EventStore.open(folder, small()).close();
        TreeSet<Path> before = files();
        try (EventStore store = EventStore.open(folder, small())) {
            for (String name : LIKE_PATHS) {
                store.append(name, Expected.absent(), Events.event(name, name).withMetadata(name.getBytes()));
                assertEquals(1, Events.drain(store.readAll(StartFrom.beginning(), Filter.all().type(name))).size(), name);
            }
            for (String name : NEVER) {
                assertThrows(IllegalArgumentException.class, () -> store.append(name, Expected.any(), Events.event("T", "")));
            }
            assertEquals(LIKE_PATHS.size(), store.endPosition());
        }
        TreeSet<Path> after = files();
        after.removeAll(before);
        assertTrue(after.stream().allMatch(file -> file.toString().endsWith(".cq4")), () -> "files of the journal's own: " + after);
        try (EventStore store = EventStore.open(folder, small())) {
            LIKE_PATHS.forEach(name -> assertEquals(List.of(name), Events.payloads(store, name)));
        }
    }

    @Test
    void namesOfSubscriptionsStayInTheirFolder() throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.absent(), Events.event("T", ""));
            TreeSet<Path> before = files();
            List<String> taken = Stream.concat(LIKE_PATHS.stream(), NEVER.stream()).filter(name -> isTaken(store, name)).toList();
            assertEquals(List.of("owner.lock", "journal.dbk", "x.dbk"), taken);
            TreeSet<Path> after = files();
            after.removeAll(before);
            for (Path file : after) {
                assertTrue(file.startsWith(folder.resolve("followers")), file::toString);
            }
            assertEquals(1 + 2 * taken.size(), after.size());
        }
        try (EventStore store = EventStore.open(folder, small())) {
            assertTrue(store.recovery().cleanlyClosed());
        }
    }

    private static boolean isTaken(EventStore store, String name) {
        try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).named(name), event -> { })) {
            assertEquals(1, poller.poll(10));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        } catch (Exception e) {
            throw new AssertionError(name, e);
        }
    }

    /** All there are beside the journal and below, and those that a name that passed for a path would spell elsewhere. */
    private TreeSet<Path> files() throws IOException {
        TreeSet<Path> found = new TreeSet<>();
        try (Stream<Path> inside = Files.walk(temp)) {
            inside.forEach(found::add);
        }
        for (String name : LIKE_PATHS) {
            for (Path from : List.of(folder, folder.resolve("followers"), Path.of("").toAbsolutePath())) {
                for (String file : List.of(name, name + ".dbk", name + ".lock")) {
                    Path spelt = from.resolve(file).normalize();
                    if (Files.exists(spelt)) {
                        found.add(spelt);
                    }
                }
            }
        }
        return found;
    }
}
