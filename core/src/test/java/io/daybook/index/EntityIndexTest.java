package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EntityHashException;
import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityIndexTest {

    /** Everything in one segment, told apart by the lower half only. */
    private static final EntityHash ONE_SEGMENT = (bytes, offset, length, hash, at) -> {
        IndexSettings.hash(1, 2).hash(bytes, offset, length, hash, at);
        hash[at] = hash[at] >>> 8;
    };

    private static final EntityHash EIGHT_BITS = (bytes, offset, length, hash, at) -> {
        IndexSettings.hash(1, 2).hash(bytes, offset, length, hash, at);
        hash[at] = 0;
        hash[at + 1] &= 0xFF;
    };

    @TempDir
    private Path folder;
    private SampleIndex sample;

    @BeforeEach
    void open() throws IOException {
        sample = new SampleIndex(folder);
        sample.open();
    }

    @AfterEach
    void close() {
        sample.index.abandon();
    }

    private void reopen(EntityHash hash) throws IOException {
        sample.index.abandon();
        sample.hash = hash;
        sample.open();
    }

    @Test
    void aPreparedHeadHasHashAndFingerprintAndNoEvents() {
        long[] heads = new long[2 * Head.WORDS];
        Arrays.fill(heads, -1);
        byte[] name = SampleIndex.bytes("<account-1>");
        sample.index.prepare(name, 1, name.length - 2, heads, Head.WORDS);
        long[] hash = new long[2];
        sample.hash.hash(name, 1, name.length - 2, hash, 0);
        assertEquals(hash[0], heads[Head.WORDS]);
        assertEquals(hash[1], heads[Head.WORDS + 1]);
        assertEquals(-1, Head.version(heads, Head.WORDS));
        assertEquals(0, Head.newest(heads, Head.WORDS));
        assertEquals(Head.fingerprint(name, 1, name.length - 2), Head.fingerprintOf(heads[Head.WORDS + Head.META]));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xFFL << 56}) // the highest byte does not count
    void aHashOfZerosIsNotMistakenForAnEmptySlot(long high) throws IOException {
        reopen((bytes, offset, length, hash, at) -> {
            hash[at] = high;
            hash[at + 1] = 0;
        });
        sample.append("account-1");
        sample.append("account-1");
        assertEquals(1, sample.version("account-1"));
        assertEquals(1, sample.index.headsInMemory());
        sample.index.flush();
        assertEquals(1, sample.version("account-1"));
    }

    @Test
    void twoNamesOfOneHashGiveAnErrorAndNeverAnothersEvents() throws IOException {
        reopen(EIGHT_BITS);
        int collisions = 0;
        for (int i = 0; i < 300; i++) {
            String name = "account-" + i;
            try {
                sample.append(name);
            } catch (EntityHashException e) {
                assertTrue(e.getMessage().contains("fingerprints="), e.getMessage());
                collisions++;
            }
            long[] head = sample.prepared(name);
            if (sample.expected.containsKey(name)) {
                assertEquals(0, sample.version(name));
            } else {
                assertThrows(EntityHashException.class, () -> sample.index.find(head, 0));
                assertThrows(EntityHashException.class, () -> sample.index.findLocked(sample.prepared(name), 0, -1));
            }
        }
        assertEquals(300 - sample.expected.size(), collisions);
        assertTrue(collisions > 40 && sample.expected.size() <= 256, "collisions=" + collisions);
        sample.index.flush();
        for (int i = 0; i < 300; i++) {
            String name = "account-" + i;
            if (!sample.expected.containsKey(name)) {
                assertThrows(EntityHashException.class, () -> sample.version(name));
            }
        }
    }

    @Test
    void aCollisionIsFoundInTheMapOnDiskToo() throws IOException {
        reopen(EIGHT_BITS);
        sample.append("account-0");
        String other = "account-1";
        for (int i = 2; sample.prepared(other)[1] != sample.prepared("account-0")[1]; i++) {
            other = "account-" + i;
        }
        String sameHash = other;
        sample.index.close();
        sample.open();
        assertEquals(0, sample.index.headsInMemory());
        assertThrows(EntityHashException.class, () -> sample.version(sameHash));
        assertEquals(0, sample.version("account-0"));
    }

    @Test
    void whatWasFoundHoldsAsLongAsNothingChanged() {
        sample.append("account-1");
        long[] head = sample.prepared("account-1");
        long token = sample.index.token(head, 0);
        sample.index.find(head, 0);
        assertTrue(sample.index.findLocked(head, 0, token));
        assertEquals(0, Head.version(head, 0));
    }

    @Test
    void whatChangedSinceIsSeenUnderTheLock() {
        long[] absent = sample.prepared("account-1");
        long token = sample.index.token(absent, 0);
        sample.index.find(absent, 0);
        assertEquals(-1, Head.version(absent, 0));
        sample.append("account-1");
        assertTrue(sample.index.findLocked(absent, 0, token));
        assertEquals(0, Head.version(absent, 0));
        sample.append("account-1");
        assertTrue(sample.index.findLocked(absent, 0, token));
        assertEquals(1, Head.version(absent, 0));
    }

    @Test
    void anEntityThatIsNotInMemoryIsNotHeldUpByAppendsToItsNeighbours() throws IOException {
        reopen(ONE_SEGMENT);
        sample.append("account-1");
        long[] absent = sample.prepared("account-2");
        long token = sample.index.token(absent, 0);
        sample.index.find(absent, 0);
        sample.append("account-1");
        assertTrue(sample.index.findLocked(absent, 0, token), "or it would look again for as long as others append");
        assertEquals(-1, Head.version(absent, 0));
    }

    @Test
    void anEntityThatIsOnDiskOnlyIsNotHeldUpEither() throws IOException {
        reopen(ONE_SEGMENT);
        sample.append("account-1");
        sample.append("account-2");
        sample.index.close();
        sample.open();
        long[] onDisk = sample.prepared("account-2");
        long token = sample.index.token(onDisk, 0);
        sample.index.find(onDisk, 0);
        sample.append("account-1");
        assertTrue(sample.index.findLocked(onDisk, 0, token));
        assertEquals(0, Head.version(onDisk, 0));
    }

    @Test
    void afterHeadsWereDroppedOneMustLookAgain() throws IOException {
        reopen(ONE_SEGMENT);
        sample.append("account-1");
        long[] absent = sample.prepared("nobody-1");
        long token = sample.index.token(absent, 0);
        sample.index.find(absent, 0);
        sample.index.flush();
        int before = 12;
        for (int i = 0; i < before; i++) {
            sample.append("other-" + i);
            sample.index.flush();
        }
        assertFalse(sample.index.findLocked(absent, 0, token));
        long again = sample.index.token(absent, 0);
        sample.index.find(absent, 0);
        assertTrue(sample.index.findLocked(absent, 0, again));
        assertEquals(-1, Head.version(absent, 0));
        sample.assertComplete();
    }

    @Test
    void aReplayGivesTheSameHeadsAsTheAppendsDid() {
        sample.replay("account-1", "account-2", "account-1", "account-3", "account-1");
        sample.assertComplete();
        assertEquals(3, sample.index.entities());
        assertEquals(4, sample.index.endTimeNs());
        assertEquals(SampleIndex.address(5), sample.index.endAddress());
        assertEquals(1, sample.index.positions().entries());
    }

    @Test
    void aReplayPassesOverWhatTheMapHasAlready() throws IOException {
        String[] names = {"account-1", "account-2", "account-1", "account-3", "account-2", "account-1", "account-3"};
        sample.replay(Arrays.copyOf(names, 3));
        sample.index.flush();
        byte[] watermark = Files.readAllBytes(folder.resolve("watermark.dbk"));
        sample.index.abandon();
        sample.open();
        sample.replay(names);
        sample.index.flush();
        sample.index.abandon();
        Files.write(folder.resolve("watermark.dbk"), watermark);
        sample.open();
        assertEquals(3, sample.index.replayPosition());
        assertEquals(2, sample.index.entities());
        assertEquals(2, sample.version("account-1"), "a head on disk may be ahead of the watermark");
        sample.replay(names);
        sample.assertComplete();
        assertEquals(3, sample.index.entities());
    }

    @Test
    void everyEventOfACommitIsReplayedAtItsOwnAddress() {
        CommitEncoder encoder = new CommitEncoder(1 << 20);
        encoder.begin();
        String[] names = {"a".repeat(300), "b", "a".repeat(300)};
        for (String name : names) {
            encoder.add(SampleIndex.bytes(name), 0, name.length(), NewEvent.json("T", "1"));
        }
        long data = Address.of(0, 1000);
        encoder.stamp(0, 0, 0, 0);
        encoder.stamp(1, 0, 0, 0);
        encoder.stamp(2, 1, data + encoder.offset(0), data + encoder.offset(0));
        sample.index.replay(SampleIndex.view(encoder, 0), data, data + 5000);
        sample.index.endReplay();
        long[] head = sample.prepared(names[0]);
        sample.index.find(head, 0);
        assertEquals(1, Head.version(head, 0));
        assertEquals(data + encoder.offset(2), Head.newest(head, 0));
        assertEquals(data + encoder.offset(0), Head.level(head, 0, 0));
        assertEquals(0, sample.version("b"));
        assertEquals(2, sample.index.entities());
        assertEquals(3, sample.index.behind());
        assertEquals(data - 4, sample.index.positions().address(0));
    }

    @Test
    void anIndexThatDoesNotFitTheJournalIsFound() throws IOException {
        String gap = refusedSecond("account-1", 2);
        assertTrue(gap.contains("version=2 newestInIndex=0"), gap);
        refusedSecond("account-1", 1);
        refusedSecond("new-1", 1);
    }

    /** Replays an event whose entity had so many events, the last of them elsewhere, behind a first one of account-1. */
    private String refusedSecond(String name, int eventsBefore) throws IOException {
        sample.index.abandon();
        sample.open();
        sample.replay("account-1");
        long[] head = sample.prepared(name);
        for (int i = 0; i < eventsBefore; i++) {
            Head.add(head, 0, 99);
        }
        sample.index.replay(SampleIndex.commit(1, head, name), SampleIndex.dataAddress(1), SampleIndex.address(2));
        String message = assertThrows(IndexDamagedException.class, sample.index::endReplay).getMessage();
        assertEquals(message, assertThrows(IndexDamagedException.class, sample.index::endReplay).getMessage(), "nothing is passed over");
        return message;
    }

    @Test
    void aReplayOfManyEventsAtOnceAppliesThemInOrder() {
        String[] names = new String[1000];
        for (int i = 0; i < names.length; i++) {
            names[i] = "account-" + (i * 7 % 13 + i % 3);
        }
        sample.replay(names);
        sample.assertComplete();
    }

    @Test
    void isFullWhenMoreHeadsAreDirtyThanTheBoundAllows() {
        int bound = HeadTable.SEGMENTS * 12;
        for (int i = 0; i < bound; i++) {
            sample.append("account-" + i);
        }
        assertFalse(sample.index.isFull());
        sample.append("account-" + bound);
        assertTrue(sample.index.isFull());
        assertEquals(bound + 1, sample.index.headsInMemory());
        sample.index.flush();
        assertFalse(sample.index.isFull());
    }
}
