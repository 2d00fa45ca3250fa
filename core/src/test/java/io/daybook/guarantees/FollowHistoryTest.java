package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.StartFrom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Four writers, four followers beside them, three in other processes, rolls all the time, kills of the owner and of followers: order, no
 * gap, no half commit, reads never go back, everybody sees the same, and all that was acknowledged is in the end there.
 */
class FollowHistoryTest extends JournalTest {

    private static final int KILLS = Effort.times(6, 60);
    private static final int WITNESSES = 3;

    private final Map<Long, String> digests = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong(-1);
    private final AtomicLong compared = new AtomicLong();

    /** A child, and the thread that listens to it. */
    private final class Life implements AutoCloseable {
        private final ChildJvm child;
        private final Thread ear;
        private final AtomicLong said = new AtomicLong();

        Life(Class<?> main, long seed) {
            child = ChildJvm.start(main, folder, seed);
            ear = daemon(this::listen);
            ear.start();
        }

        private void listen() {
            for (String line = child.line(); line != null; line = child.line()) {
                hear(line);
                said.incrementAndGet();
            }
        }

        /** Waits until it has said so much; a child that ended before is a violation. */
        void awaitWords(long words) throws InterruptedException {
            while (said.get() < words && ear.isAlive()) {
                ear.join(1);
            }
            assertTrue(said.get() >= words, () -> "it ended by itself: " + violations);
        }

        @Override
        public void close() {
            child.kill();
            try {
                ear.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void hear(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("acked") && words.length == 2) {
            acknowledged.accumulateAndGet(Long.parseLong(words[1]), Math::max);
        } else if (words[0].equals("digest") && words.length == 3) {
            String before = digests.putIfAbsent(Long.parseLong(words[1]), words[2]);
            if (before != null) {
                compared.incrementAndGet();
                if (!before.equals(words[2])) {
                    violations.add("block " + words[1] + " was " + before + " and is " + words[2]);
                }
            }
        } else if (!words[0].equals("opened") && !words[0].equals("follows") && !line.contains("] WARN net.openhft.")) {
            // Chronicle warns of a lock that a killed owner left; that is as it should be.
            violations.add(line);
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("FollowHistoryTest");
    }

    @Test
    void everybodySeesTheSameHistoryWhoeverIsKilled() throws Exception {
        long seed = seed("everybodySeesTheSameHistoryWhoeverIsKilled");
        Random random = new Random(seed);
        EventStore.open(folder, ChildWriter.settings()).close();
        Life owner = new Life(ChildOwner.class, random.nextLong());
        List<Life> witnesses = new ArrayList<>();
        try {
            for (int i = 0; i < WITNESSES; i++) {
                witnesses.add(new Life(ChildWitness.class, random.nextLong()));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                owner.awaitWords(1 + random.nextInt(3000));
                if (kill % 2 == 0) {
                    owner.close();
                    owner = new Life(ChildOwner.class, random.nextLong());
                } else {
                    int which = random.nextInt(WITNESSES);
                    witnesses.get(which).awaitWords(1 + random.nextInt(3));
                    witnesses.get(which).close();
                    witnesses.set(which, new Life(ChildWitness.class, random.nextLong()));
                }
            }
            owner.awaitWords(2000);
            for (Life witness : witnesses) {
                witness.awaitWords(2);
            }
        } finally {
            owner.close();
            witnesses.forEach(Life::close);
        }
        assertEquals(List.of(), List.copyOf(violations), "seed=" + seed);
        compareWithWhatIsThere(seed);
    }

    private void compareWithWhatIsThere(long seed) throws Exception {
        long[] blocks = new long[1];
        FollowWitness witness = new FollowWitness(0, (block, digest) -> {
            blocks[0]++;
            String told = digests.get(block);
            assertTrue(told == null || told.equals(digest.toString()), "seed=" + seed + " block=" + block);
        });
        try (EventStore store = EventStore.open(folder, ChildWriter.settings());
                Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                witness.onEvent(cursor.event());
            }
            assertTrue(store.endPosition() > acknowledged.get(), "seed=" + seed + ": " + acknowledged + " was acknowledged");
            System.out.println("kills: " + KILLS + "; events: " + store.endPosition() + "; journal files: " + store.stats().cycleFiles()
                + "; digests compared: " + compared + "; blocks at the end: " + blocks[0]);
            assertTrue(store.stats().cycleFiles() > KILLS / 4, "it rolled");
            assertTrue(compared.get() > 0 && blocks[0] >= digests.size());
        }
    }
}
