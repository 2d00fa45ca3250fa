package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Host;
import io.daybook.JournalFiles;
import io.daybook.JournalInUseException;
import io.daybook.JournalTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Locks that a dead owner left: whoever the process ids in them belong to by now, the next owner opens and appends at once. */
class StaleLockTest extends JournalTest {

    private static final long WEDGED_NS = 10_000_000_000L; // Chronicle's own patience is 15 s

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("StaleLockTest");
    }

    @Test
    void aLockOfChroniclesIsClearedWhoeverHasItsProcessIdNow() throws IOException {
        long dead;
        try (ChildJvm child = ChildJvm.start(ChildAppender.class, folder)) {
            child.lineThatBegins("opened");
            dead = child.pid();
            child.kill();
        }
        try (ChildJvm living = ChildJvm.start(ChildAppender.class, temp.resolve("other"))) {
            living.lineThatBegins("opened");
            int events = 0;
            for (long pid : new long[] {dead, living.pid(), ProcessHandle.current().pid(), 1, Integer.MAX_VALUE}) {
                leaveLock(pid);
                long start = System.nanoTime();
                try (EventStore store = EventStore.open(folder, ChildAppender.settings())) {
                    assertEquals(events, store.append("a", Expected.exactly(events - 1L), Events.event("Happened", "")).version());
                    events++;
                }
                assertTrue(System.nanoTime() - start < WEDGED_NS, () -> "it waited for pid=" + pid);
            }
        }
    }

    private void leaveLock(long pid) {
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder.resolve(JournalFiles.QUEUE)).rollCycle(
            RollCycles.FAST_DAILY).blockSize(512 << 20).build()) {
            for (String lock : List.of("chronicle.write.lock", "chronicle.append.lock")) {
                try (LongValue value = queue.metaStore().acquireValueFor(lock, 0)) {
                    value.setOrderedValue(pid);
                }
            }
        }
    }

    @Test
    void filesOfAnOwnerThatIsGoneKeepNobodyOut() throws IOException {
        EventStore.open(folder, small()).close();
        for (String pid : List.of("1", Long.toString(ProcessHandle.current().pid()), "", "not a number", "99999999999999999999")) {
            Files.writeString(folder.resolve("owner.pid"), pid);
            Files.writeString(folder.resolve("owner.lock"), pid);
            try (EventStore store = EventStore.open(folder, small())) {
                store.append("a", Expected.any(), Events.event("Happened", pid));
            }
        }
        assertEquals(5, EventStoreCount.events(folder));
    }

    /** As in a container, where every owner has the same process id. */
    @Test
    void anOwnerThatIsProcessOneIsFollowedByAnother() throws Exception {
        Host.requireRootAnd("anOwnerThatIsProcessOneIsFollowedByAnother", "unshare");
        List<String> launcher = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL");
        Host.require(Host.run("unshare", "--pid", "--fork", "--mount-proc", "true") == 0, "anOwnerThatIsProcessOneIsFollowedByAnother",
            "namespaces are not allowed here");
        long acknowledged = -1;
        for (int life = 0; life < 2; life++) {
            awaitFreed();
            try (ChildJvm child = ChildJvm.startBehind(launcher, ChildJvm.ownFlags(), ChildAppender.class, folder)) {
                String opened = child.lineThatBegins("");
                assertTrue(opened.startsWith("opened") && opened.contains("pid=1 "), opened);
                child.tell("l");
                for (int i = 0; i < 200; i++) {
                    long version = Long.parseLong(child.lineThatBegins("acked ").substring(6));
                    assertTrue(version > acknowledged, "each life goes on behind what was acknowledged");
                    acknowledged = version;
                }
                child.kill();
                child.lines(); // until the last of its processes is gone
            }
        }
        awaitFreed();
        assertTrue(EventStoreCount.events(folder) > acknowledged);
    }

    /** The one that was started through another program ends a moment after that. */
    private void awaitFreed() {
        while (true) {
            try (EventStore store = EventStore.open(folder, ChildAppender.settings())) {
                store.endPosition();
                return;
            } catch (JournalInUseException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void ownersWithAndWithoutAssertionsFollowEachOther() throws IOException {
        long acknowledged = -1;
        for (int life = 0; life < 3; life++) {
            List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
            flags.add(life % 2 == 0 ? "-ea" : "-da");
            try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), ChildAppender.class, folder)) {
                assertTrue(child.lineThatBegins("opened").endsWith("assertions=" + (life % 2 == 0)));
                child.tell("aaa");
                for (int i = 0; i < 3; i++) {
                    assertEquals("acked " + ++acknowledged, child.line());
                }
                child.kill();
            }
        }
    }
}
