package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.Host;
import io.daybook.JournalInUseException;
import io.daybook.JournalTest;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.Subscription;
import java.io.File;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An owner that is suspended stays the owner: nobody takes its journal, who follows it waits, and afterwards all goes on. */
class SuspendedOwnerTest extends JournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SUSPENDED = Duration.ofMillis(Effort.times(1_000, 20_000));

    @Test
    void aSuspendedOwnerIsNotReplacedAndGoesOn() throws Exception {
        Host.require(System.getProperty("os.name").equals("Linux"), "aSuspendedOwnerIsNotReplacedAndGoesOn", "it needs Linux's signals");
        try (ChildJvm child = ChildJvm.start(ChildAppender.class, folder)) {
            child.lineThatBegins("opened");
            child.tell("l");
            child.lineThatBegins("acked 100");
            try (EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create());
                Subscription following = reading.subscribe(Follow.from(StartFrom.beginning()), event -> { })) {
                suspend(child.pid());
                long end = reading.endPosition();
                assertTrue(following.awaitPosition(end - 1, PATIENCE));
                assertThrows(JournalInUseException.class, () -> EventStore.open(folder, ChildAppender.settings()));
                assertFalse(following.awaitPosition(end, SUSPENDED), "it waits, and does not fail");
                assertEquals(end, reading.endPosition());
                assertEquals(Subscription.State.FOLLOWING, following.state());
                assertThrows(JournalInUseException.class, () -> EventStore.open(folder, ChildAppender.settings()));
                Host.mustRun("kill", "-CONT", Long.toString(child.pid()));
                child.lineThatBegins("acked " + (end + 50));
                assertTrue(following.awaitPosition(end + 50, PATIENCE));
                assertThrows(JournalInUseException.class, () -> EventStore.open(folder, ChildAppender.settings()));
            }
        }
    }

    /** The signal reaches each thread on its own: until all of them rest, events are still appended. */
    private static void suspend(long pid) throws Exception {
        Host.mustRun("kill", "-STOP", Long.toString(pid));
        for (File task : new File("/proc/" + pid + "/task").listFiles()) {
            while (!Files.readString(task.toPath().resolve("stat")).contains(") T ")) {
                Thread.onSpinWait();
            }
        }
    }
}
