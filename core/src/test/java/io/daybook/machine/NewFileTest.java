package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Durability;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Host;
import io.daybook.JournalTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The first event on DISK in a new journal file is acknowledged when the file's name is on the device, too, as the kernel sees it. */
class NewFileTest extends JournalTest {

    /** An owner; arguments: folder, and what it does: {@code leave} an event, or go on behind it. */
    static final class Owner {
        private Owner() {
        }

        public static void main(String[] arguments) throws IOException {
            EventStore store = EventStore.open(Path.of(arguments[0]), small());
            if (arguments[1].equals("leave")) {
                store.append("a", Expected.any(), Events.event("Happened", ""));
            } else {
                store.awaitDurable(0, Durability.DISK, Duration.ofMinutes(1)); // a force before the next file is made
                store.append("a", Expected.any(), List.of(Events.event("Happened", "")), Durability.DISK);
            }
            Files.createFile(Path.of(arguments[0]).resolveSibling("acknowledged-" + arguments[1]));
            Runtime.getRuntime().halt(0);
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("NewFileTest");
    }

    @Test
    void theFoldersAreForcedBeforeTheFirstAcknowledgementInAFile() throws Exception {
        Host.requireRootAnd("theFoldersAreForcedBeforeTheFirstAcknowledgementInAFile", "strace");
        try (ChildJvm child = ChildJvm.start(Owner.class, folder, "leave")) {
            child.lines();
        }
        Path trace = temp.resolve("trace");
        List<String> strace = List.of("strace", "-f", "-qq", "-y", "-o", trace.toString(), "-e", "trace=openat,fsync,fdatasync");
        try (ChildJvm child = ChildJvm.startBehind(strace, ChildJvm.ownFlags(), Owner.class, folder, "go-on")) {
            assertEquals(0, child.exitCode(), () -> String.join("\n", child.lines()));
        }
        List<String> calls = Files.readAllLines(trace);
        int made = last(calls, "19700102F.cq4", "O_CREAT");
        int acknowledged = last(calls, "acknowledged-go-on", "O_CREAT");
        assertTrue(made >= 0 && made < acknowledged, "a new file was made");
        for (Path forced : List.of(folder.resolve("queue"), folder)) {
            assertTrue(calls.subList(made, acknowledged).stream().anyMatch(call -> call.matches(".*(fsync|fdatasync)\\(\\d+<" + forced
                + ">.*")), () -> forced + " is forced: " + calls.subList(made, acknowledged));
        }
    }

    private static int last(List<String> calls, String name, String flag) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).contains(name) && calls.get(i).contains(flag)) {
                return i;
            }
        }
        return -1;
    }
}
