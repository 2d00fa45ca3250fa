package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import io.daybook.envelope.EventDescriptor;
import io.daybook.index.Head;
import io.daybook.journal.StoredEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityWalkTest {

    private static final int MOST_LOOKS = 128; // of a thousand versions

    @TempDir
    private Path root;
    private WrittenCommits commits;
    private EntityWalk walk;

    @BeforeEach
    void open() throws IOException {
        commits = new WrittenCommits(root);
        walk = new EntityWalk(commits.windows);
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private void from(String entity) {
        long[] heads = new long[3 * Head.WORDS];
        System.arraycopy(commits.heads.get(entity), 0, heads, Head.WORDS, Head.WORDS);
        walk.from(heads, Head.WORDS);
    }

    private static byte[] name(String entity) {
        return WrittenCommits.bytes(entity);
    }

    @Test
    void reachesEveryVersionFromTheHead() {
        for (int i = 0; i < 9000; i++) {
            commits.append(i % 3 == 0 ? new String[] {"a", "b", "a"} : new String[] {"a"});
        }
        for (String entity : List.of("a", "b")) {
            from(entity);
            List<Long> addresses = commits.addresses.get(entity);
            assertEquals(addresses.size() - 1, walk.newestVersion());
            for (int version = 0; version < addresses.size(); version++) {
                assertEquals(version, walk.seek(version).version());
                assertEquals(addresses.get(version), walk.checked(name(entity), 0, 1).address());
            }
        }
    }

    @Test
    void listsTheAddressesOfAnyStretch() {
        for (int i = 0; i < 4500; i++) {
            commits.append(i % 7 == 0 ? new String[] {"a", "b", "a"} : new String[] {"a", "b"});
        }
        from("a");
        Random random = new Random(3);
        int all = commits.addresses.get("a").size();
        for (int i = 0; i < 500; i++) {
            int first = i % 5 == 0 ? random.nextInt(all / 16) * 16 : random.nextInt(all);
            int last = first + random.nextInt(i % 3 == 0 ? all - first : Math.min(40, all - first));
            long[] found = walk.addresses(first, last);
            for (int version = first; version <= last; version++) {
                assertEquals(commits.addresses.get("a").get(version), found[version - first]);
            }
        }
        assertEquals(all - 1, walk.seek(all - 1).version());
        for (int version = all - 2; version >= 0; version--) {
            assertEquals(version, walk.back().version());
        }
    }

    /** To an event of the same version, of another version, and to nowhere: the pointers to the previous events decide. */
    @Test
    void aWrongShortCutLeadsToTheSameAddresses() {
        for (int wrong = 0; wrong < 3; wrong++) {
            commits.heads.clear();
            commits.addresses.clear();
            for (int version = 0; version < 100; version++) {
                if (version == 64) {
                    List<Long> own = commits.addresses.get("a");
                    long others = commits.addresses.get("b").get(48);
                    commits.wrongSkip = new long[] {others - own.get(48), own.get(47) - own.get(48), 1L << 30}[wrong];
                }
                commits.append("a", "b");
            }
            from("a");
            long[] found = walk.addresses(0, 99);
            for (int version = 0; version < 100; version++) {
                assertEquals(commits.addresses.get("a").get(version), found[version], "wrong=" + wrong + " version=" + version);
            }
        }
    }

    /** The last pointer of a stretch, too: nothing is read from where it leads. */
    @Test
    void theEventWhosePointerIsDamagedIsNamedWhereverItStands() throws IOException {
        for (int version = 0; version < 100; version++) {
            commits.append("a");
        }
        List<Long> addresses = commits.addresses.get("a");
        for (int damaged : new int[] {1, 2, 15, 16, 17, 40, 56, 99}) {
            long at = Address.offset(addresses.get(damaged)) + EventDescriptor.PREVIOUS_OFFSET + 1;
            flip(at);
            for (int first : new int[] {0, damaged - 1}) {
                from("a");
                JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> walk.addresses(first, 99));
                assertEquals(Address.offset(addresses.get(damaged)), e.offset(), "damaged=" + damaged + " first=" + first);
            }
            flip(at);
        }
    }

    private void flip(long at) throws IOException {
        try (FileChannel file = FileChannel.open(commits.folder.cycleFile(0), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(one.put(0, (byte) (one.get(0) ^ 1)).flip(), at);
        }
    }

    @Test
    void aWrongPointerWithinAStretchIsFound() {
        for (int version = 0; version < 100; version++) {
            if (version == 57) {
                commits.wrongPrevious = -4;
            }
            commits.append("a");
        }
        from("a");
        assertEquals(commits.addresses.get("a").get(58), walk.addresses(58, 99)[0]);
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> walk.addresses(0, 99));
        assertEquals(Address.offset(commits.addresses.get("a").get(56)) - 4, e.offset());
        assertEquals(commits.addresses.get("a").get(99), walk.addresses(99, 99)[0], "and it is used again");
    }

    /** As it was at any position and at any time, against a look at all events; commits share their times by threes. */
    @Test
    void findsTheNewestVersionWithinAPositionAndATime() {
        for (int i = 0; i < 1500; i++) {
            commits.timeNs = 10 * (i / 3);
            commits.append(i % 3 == 0 ? new String[] {"a", "b", "a"} : i % 5 == 0 ? new String[] {"b"} : new String[] {"a"});
        }
        for (String entity : List.of("a", "b")) {
            List<long[]> places = new ArrayList<>();
            from(entity);
            for (int version = 0; version <= walk.newestVersion(); version++) {
                walk.seek(version);
                StoredEvent event = walk.checked(name(entity), 0, 1);
                places.add(new long[] {event.commitPosition() + event.index(), event.timeNs()});
            }
            EntityCursor.Name stored = new EntityCursor.Name(name(entity), 1);
            for (int version = -1; version < places.size(); version++) {
                for (long step = -1; step <= 1; step++) {
                    long position = (version < 0 ? 0 : places.get(version)[0]) + step;
                    long time = (version < 0 ? 0 : places.get(version)[1]) + step;
                    assertEquals(last(places, position, Long.MAX_VALUE), walk.newestWithin(stored, position, Long.MAX_VALUE));
                    assertEquals(last(places, Long.MAX_VALUE, time), walk.newestWithin(stored, Long.MAX_VALUE, time));
                    assertEquals(last(places, position, time), walk.newestWithin(stored, position, time));
                    from(entity);
                    walk.newestWithin(stored, position, time);
                    assertTrue(walk.looks() <= MOST_LOOKS, () -> "events looked at: " + walk.looks());
                }
            }
        }
    }

    private static long last(List<long[]> places, long position, long time) {
        int last = places.size() - 1;
        while (last >= 0 && (places.get(last)[0] > position || places.get(last)[1] > time)) {
            last--;
        }
        return last;
    }

    @Test
    void anEntityWithoutEventsHasNone() {
        walk.from(new long[Head.WORDS], 0);
        assertEquals(-1, walk.newestVersion());
    }

    @Test
    void aPointerToAnotherVersionIsFound() {
        commits.append("a");
        commits.append("a");
        long first = commits.addresses.get("a").get(0);
        long second = commits.addresses.get("a").get(1);
        commits.wrongPrevious = first - second;
        commits.append("a");
        from("a");
        assertEquals(2, walk.seek(2).version());
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> walk.seek(1));
        assertEquals(Address.offset(first), e.offset());
        assertTrue(e.getMessage().contains("another version"), e.getMessage());
    }

    @Test
    void anotherEntitysEventIsNeverHandedOut() {
        commits.append("a", "b");
        commits.append("a", "b");
        long wanted = commits.addresses.get("a").get(1);
        long others = commits.addresses.get("b").get(1);
        commits.wrongPrevious = others - wanted;
        commits.append("a");
        from("a");
        assertEquals(1, walk.seek(1).version());
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> walk.checked(name("a"), 0, 1));
        assertEquals(Address.offset(others), e.offset());
        assertTrue(e.getMessage().contains("another entity"), e.getMessage());
    }

    @Test
    void aPointerToNowhereIsFound() {
        for (long wrong : new long[] {1, -8, 1 << 20, Address.of(1, 0), Long.MIN_VALUE, -1L << 40}) {
            commits.heads.clear();
            commits.append("a");
            commits.append("a");
            commits.wrongPrevious = wrong;
            commits.append("a");
            from("a");
            walk.seek(2);
            assertThrows(JournalDamagedException.class, () -> walk.seek(1), "wrong=" + wrong);
            assertEquals(2, walk.seek(2).version(), "and it is used again");
        }
    }
}
