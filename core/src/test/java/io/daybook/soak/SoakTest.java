package io.daybook.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.StartFrom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Half an hour ({@code -Ddaybook.soakMinutes}) at half of the speed, or at what the disk has room for: owners that are killed again and
 * again for half of the time, then one that lives for the rest, and one process that follows with a name and reads all the time. Nothing
 * acknowledged is lost, and what the processes hold stays flat. The journal grows, by design, and with it in memory only the table of
 * positions: 32 bytes every 1,024 events.
 */
@Tag("slow")
class SoakTest extends JournalTest {

    private static final long MINUTES = Long.getLong("daybook.soakMinutes", 30);
    private static final long MOST_BYTES = Long.getLong("daybook.soakBytes", 12L << 30);
    private static final int LIVES_A_MINUTE = 3;
    private static final long MEASURED_MS = 5_000;
    private static final long TABLE_BYTES = 1_024 / 32;
    private static final long SLACK = 4 << 20;

    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final List<SoakSample> owners = new ArrayList<>();
    private final List<SoakSample> longLife = new ArrayList<>();
    private final List<SoakSample> follower = new ArrayList<>();
    private long position = -1;

    @Test
    void nothingGrowsAndNothingIsLostForLong() throws Exception {
        Random random = new Random(seed("nothingGrowsAndNothingIsLostForLong"));
        EventStore.open(folder, ChildSoakOwner.settings()).close();
        try (Listened follows = new Listened(ChildJvm.start(ChildSoakFollower.class, folder))) {
            long rate = rate();
            long lives = MINUTES / 2 * LIVES_A_MINUTE;
            for (int life = 1; life <= lives; life++) {
                live(life, rate, 15_000 + random.nextInt(8_000));
                follower.add(follows.sample());
                follows.goOn(1);
                if (life % LIVES_A_MINUTE == 0) {
                    report(life / LIVES_A_MINUTE, owners, follows.told(1));
                }
            }
            liveLong((int) lives + 1, rate, follows);
            while (follows.told(1) < position / 10_000 * 10_000) {
                follows.goOn(100);
            }
        }
        readAll();
        requireFlat("an owner", owners);
        requireFlat("the owner that lived long", longLife);
        requireFlat("the follower", follower);
    }

    /** Half of what an owner can do, or less where the disk would not have the room. */
    private long rate() throws Exception {
        long most = live(0, 0, MEASURED_MS) * 1_000 / MEASURED_MS;
        long bytesAnEvent = Math.max(1, diskBytes() / (position + 1));
        long room = MOST_BYTES / bytesAnEvent / (MINUTES * 60);
        System.out.println("soak: eventsASecond=" + most + " bytesAnEvent=" + bytesAnEvent + " half=" + most / 2 + " roomFor=" + room);
        return Math.min(most / 2, room);
    }

    /** Starts an owner, and kills it after so long. Answers how many events it acknowledged. */
    private long live(int life, long rate, long ms) throws Exception {
        try (Listened owner = start(life, rate)) {
            owner.goOn(ms);
            if (life > 0) {
                owners.add(owner.sample());
            }
            return kill(life, owner);
        }
    }

    /** One owner for the rest of the time. */
    private void liveLong(int life, long rate, Listened follows) throws Exception {
        try (Listened owner = start(life, rate)) {
            for (long minute = MINUTES / 2 + 1; minute <= MINUTES; minute++) {
                for (int look = 0; look < LIVES_A_MINUTE; look++) {
                    owner.goOn(60_000 / LIVES_A_MINUTE);
                    follows.goOn(1);
                    longLife.add(owner.sample());
                    follower.add(follows.sample());
                }
                position = owner.told(2) - 1;
                report(minute, longLife, follows.told(1));
            }
            kill(life, owner);
        }
    }

    /** As a service runs it, with all compilers. */
    private Listened start(int life, long rate) throws Exception {
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.add("-XX:TieredStopAtLevel=4");
        String classPath = System.getProperty("java.class.path");
        Listened owner = new Listened(ChildJvm.start(flags, classPath, ChildSoakOwner.class, folder, life, rate));
        while (owner.told(1) == 0) {
            owner.goOn(20);
        }
        return owner;
    }

    private long kill(int life, Listened owner) throws Exception {
        owner.kill();
        assertTrue(owner.told(2) > position, "each life goes on behind what was acknowledged");
        acknowledged.put(life, owner.told(1));
        position = owner.told(2);
        return owner.told(1);
    }

    private void report(long minute, List<SoakSample> samples, long followed) throws Exception {
        System.out.println("soak: minute=" + minute + " acknowledged=" + (position + 1) + " followed=" + followed + " owner="
            + samples.get(samples.size() - 1) + " follower=" + follower.get(follower.size() - 1) + " files="
            + JournalFiles.files(folder).size() + " diskBytesAnEvent=" + diskBytes() / (position + 1));
    }

    private long diskBytes() throws Exception {
        Process du = new ProcessBuilder("du", "-sk", folder.toString()).start();
        return Long.parseLong(new String(du.getInputStream().readAllBytes()).split("\\s")[0]) << 10;
    }

    /** Each life's events are there, in order and once, at least as many as it acknowledged. */
    private void readAll() {
        Map<Integer, Long> found = new HashMap<>();
        Map<String, Long> versions = new HashMap<>();
        long next = 0;
        try (EventStore store = EventStore.open(folder, ChildSoakOwner.settings());
            Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                EventView event = cursor.event();
                assertEquals(next++, event.position());
                int life = Integer.reverseBytes(event.buffer().getInt(event.payloadOffset()));
                long number = Long.reverseBytes(event.buffer().getLong(event.payloadOffset() + 8));
                assertEquals(found.merge(life, 1L, Long::sum) - 1, number);
                assertEquals(versions.merge(event.entity(), 1L, Long::sum) - 1, event.version());
            }
            assertEquals(next, store.endPosition());
        }
        acknowledged.forEach((life, events) -> assertTrue(found.getOrDefault(life, 0L) >= events, () -> "lost in life " + life));
        System.out.println("soak: read=" + next + " kills=" + acknowledged.size() + " lost=0");
    }

    private void requireFlat(String who, List<SoakSample> samples) {
        long table = position / TABLE_BYTES;
        requireFlat(who + "'s heap", samples, SoakSample::heap, SLACK + table);
        requireFlat(who + "'s direct memory", samples, SoakSample::direct, SLACK + table);
        requireFlat(who + "'s threads", samples, SoakSample::threads, 2);
        requireFlat(who + "'s files", samples, SoakSample::files, 4);
        requireFlat(who + "'s mappings", samples, SoakSample::mappings, 40 + JournalFiles.cycles(folder).size()); // one for each it read
    }

    /** The median of the last quarter is no more than a tenth above that of the second one. */
    private static void requireFlat(String what, List<SoakSample> samples, ToLongFunction<SoakSample> of, long slack) {
        int quarter = samples.size() / 4;
        long early = median(samples.subList(quarter, 2 * quarter), of);
        long late = median(samples.subList(samples.size() - quarter, samples.size()), of);
        System.out.println("soak: " + what + " was " + early + " and is " + late);
        assertTrue(late <= early + early / 10 + slack, () -> what + " grew from " + early + " to " + late);
    }

    private static long median(List<SoakSample> samples, ToLongFunction<SoakSample> of) {
        return samples.stream().mapToLong(of).sorted().toArray()[samples.size() / 2];
    }
}
