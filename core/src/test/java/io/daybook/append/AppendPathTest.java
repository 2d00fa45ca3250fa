package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Durability;
import io.daybook.EventIdReusedException;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreClosedException;
import io.daybook.StoreSettings;
import io.daybook.index.EntityHash;
import io.daybook.index.IndexSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conditions, repeats and rungs, judged under the lock and behind it. */
class AppendPathTest {

    private static final NewEvent EVENT = new NewEvent(null, "Type", 3, new byte[] {1, 2}, new byte[] {3, 4, 5});
    private static final UUID A = new UUID(1, 0xA);
    private static final UUID B = new UUID(1, 0xB);
    private static final UUID C = new UUID(1, 0xC);

    @TempDir
    private Path folder;
    private SampleEnd sample;

    @BeforeEach
    void open() throws IOException {
        sample = new SampleEnd(folder.resolve("journal"), StoreSettings.create().idWindowEvents(8), IndexSettings.hash(1, 2), null);
    }

    @AfterEach
    void close() {
        sample.close();
    }

    private AppendResult append(String entity, Expected expected, NewEvent... events) {
        return sample.path().append(entity, expected, events, Durability.PROCESS);
    }

    private AppendResult append(Commit commit) {
        return sample.path().append(commit, Durability.PROCESS);
    }

    /** Pushes everything out of the window of ids. */
    private void pushOut() {
        for (int i = 0; i < 8; i++) {
            append("other-1", Expected.any(), EVENT);
        }
    }

    @Test
    void theResultSaysWhereTheCommitStands() {
        AppendResult one = append("e", Expected.absent(), EVENT);
        assertEquals(new AppendResult(0, 0, 0, one.timeNs(), false), one);
        AppendResult three = append("e", Expected.exactly(0), EVENT, EVENT, EVENT);
        assertEquals(new AppendResult(1, 3, 3, three.timeNs(), false), three);
        AppendResult two = append(Commit.create().append("f", EVENT).append("e", EVENT));
        assertEquals(new AppendResult(4, 5, 4, two.timeNs(), false), two);
        assertTrue(one.timeNs() <= three.timeNs() && three.timeNs() <= two.timeNs());
        assertEquals(3, sample.path().commits());
    }

    @Test
    void aConflictNamesTheFirstFailingEntityAndWritesNothing() {
        append("e", Expected.absent(), EVENT);
        ConflictException e = assertThrows(ConflictException.class, () -> append(Commit.create().expect("f", Expected.absent())
                .expect("e", Expected.exactly(7)).expect("g", Expected.present()).append("f", EVENT).append("g", EVENT)));
        assertEquals("e", e.entity());
        assertEquals(Expected.exactly(7), e.expected());
        assertEquals(0, e.actual());
        assertEquals(1, sample.end().position());
        assertEquals(-1, sample.reads.version("f"));
        assertEquals(1, sample.path().conflicts());
        assertEquals(0, sample.path().duplicates());
        assertEquals(1, sample.path().commits());
        assertFalse(sample.lock.isLocked());
    }

    @Test
    void aRepeatIsFoundHoweverOldUnderAConditionThatNamesAVersion() {
        AppendResult first = append("e", Expected.absent(), EVENT.withId(A));
        AppendResult second = append("e", Expected.exactly(0), EVENT.withId(B), EVENT.withId(C));
        pushOut();
        assertRepeat(first, append("e", Expected.absent(), EVENT.withId(A)));
        assertRepeat(second, append("e", Expected.exactly(0), EVENT.withId(B), EVENT.withId(C)));
        assertEquals(2, sample.path().duplicates());
        assertEquals(0, sample.path().conflicts());
        assertEquals(11, sample.end().position());
    }

    private static void assertRepeat(AppendResult first, AppendResult repeat) {
        assertEquals(new AppendResult(first.firstPosition(), first.lastPosition(), first.version(), first.timeNs(), true), repeat);
    }

    @Test
    void aRepeatIsFoundInTheWindowUnderAnyCondition() {
        AppendResult first = append("e", Expected.any(), EVENT.withId(A));
        assertRepeat(first, append("e", Expected.any(), EVENT.withId(A)));
        assertRepeat(first, append("e", Expected.present(), EVENT.withId(A)));
        for (int i = 0; i < 7; i++) {
            append("other-1", Expected.any(), EVENT);
        }
        assertRepeat(first, append("e", Expected.any(), EVENT.withId(A)));
        append("other-1", Expected.any(), EVENT);
        assertFalse(append("e", Expected.any(), EVENT.withId(A)).duplicate(), "beyond the window re-use goes undetected");
    }

    @Test
    void aRepeatOfACommitOverSeveralEntities() {
        Commit commit = Commit.create().expect("checked", Expected.absent()).expect("e", Expected.absent()).expect("f", Expected.any())
                .append("f", EVENT.withId(A)).append("e", EVENT.withId(B)).append("f", EVENT.withId(C));
        AppendResult first = append(commit);
        append("checked", Expected.any(), EVENT);
        pushOut();
        assertRepeat(first, append(commit));
    }

    /** The same ids with anything else different is an error of its own, inside the window and beyond it. */
    @Test
    void theSameIdsWithOtherContentAreRefused() {
        append("e", Expected.absent(), EVENT.withId(A), EVENT.withId(B));
        assertReused(e -> new NewEvent(e.id(), "Typf", 3, e.metadata(), e.payload()));
        assertReused(e -> new NewEvent(e.id(), "Type2", 3, e.metadata(), e.payload()));
        assertReused(e -> e.withSchemaVersion(4));
        assertReused(e -> new NewEvent(e.id(), "Type", 3, new byte[] {1, 2, 3}, new byte[] {4, 5}));
        assertReused(e -> e.withMetadata(new byte[] {1, 3}));
        assertReused(e -> new NewEvent(e.id(), "Type", 3, e.metadata(), new byte[] {3, 4, 6}));
        assertReused(e -> new NewEvent(e.id(), "Type", 3, e.metadata(), new byte[] {3, 4}));
        assertReused(e -> e.withId(e.id().equals(A) ? B : A));
        assertReused(e -> e.withId(e.id().equals(A) ? A : C));
        assertReused(e -> e.withId(e.id().equals(A) ? C : B));
        assertEquals(2, sample.reads.version("e") + 1);
    }

    private void assertReused(UnaryOperator<NewEvent> change) {
        NewEvent first = change.apply(EVENT.withId(A));
        NewEvent second = change.apply(EVENT.withId(B));
        for (Expected expected : new Expected[] {Expected.absent(), Expected.any(), Expected.exactly(1)}) {
            EventIdReusedException e = assertThrows(EventIdReusedException.class, () -> append("e", expected, first, second));
            assertTrue(e.getMessage().contains("position="), e.getMessage());
        }
    }

    @Test
    void theSameIdsInAnotherExtentAreRefused() {
        append("e", Expected.absent(), EVENT.withId(A), EVENT.withId(B));
        pushOut();
        assertThrows(EventIdReusedException.class, () -> append("e", Expected.absent(), EVENT.withId(A)));
        assertThrows(EventIdReusedException.class, () -> append("e", Expected.absent(), EVENT.withId(B)));
        assertThrows(EventIdReusedException.class, () -> append("e", Expected.absent(), EVENT.withId(A), EVENT.withId(B), EVENT.withId(C)));
        assertThrows(EventIdReusedException.class, () -> append("e", Expected.absent(), EVENT.withId(A), EVENT));
        assertThrows(EventIdReusedException.class, () -> append(Commit.create().expect("e", Expected.absent()).append("f", EVENT.withId(A))
                .append("e", EVENT.withId(B))));
    }

    @Test
    void theSameEventsAtAnotherVersionAreRefused() {
        append("e", Expected.absent(), EVENT);
        append("e", Expected.any(), EVENT.withId(A));
        append("e", Expected.any(), EVENT);
        assertThrows(EventIdReusedException.class, () -> append("e", Expected.absent(), EVENT.withId(A)));
        assertThrows(EventIdReusedException.class, () -> append("e", Expected.exactly(1), EVENT.withId(A)));
        assertTrue(append("e", Expected.exactly(0), EVENT.withId(A)).duplicate());
    }

    @Test
    void otherIdsAreAConflict() {
        append("e", Expected.absent(), EVENT.withId(A), EVENT);
        assertThrows(ConflictException.class, () -> append("e", Expected.absent(), EVENT.withId(B), EVENT.withId(C)));
        assertThrows(ConflictException.class, () -> append("e", Expected.absent(), EVENT, EVENT));
        assertThrows(ConflictException.class, () -> append("e", Expected.exactly(1000), EVENT.withId(B)));
        assertThrows(ConflictException.class, () -> append("f", Expected.exactly(0), EVENT.withId(B)));
        assertEquals(4, sample.path().conflicts());
    }

    @Test
    void aDerivedIdThatIsGivenBackIsKnown() {
        append("e", Expected.absent(), EVENT, EVENT);
        UUID derived = new UUID(sample.derived.high(1), sample.derived.low(SampleEnd.EPOCH));
        assertThrows(EventIdReusedException.class, () -> append("f", Expected.any(), EVENT.withId(derived)));
        UUID both = new UUID(sample.derived.high(0), sample.derived.low(SampleEnd.EPOCH));
        assertTrue(append("e", Expected.any(), EVENT.withId(both), EVENT.withId(derived)).duplicate());
    }

    @Test
    void theRungIsReachedBeforeItReturns() {
        append("e", Expected.any(), EVENT);
        assertEquals(0, sample.end().durablePosition());
        NewEvent[] event = {EVENT.withId(A)};
        sample.path().append("e", Expected.any(), event, Durability.DISK);
        assertEquals(2, sample.end().durablePosition());
        append("e", Expected.any(), EVENT);
        assertEquals(2, sample.end().durablePosition());
        assertTrue(sample.path().append("e", Expected.any(), event, Durability.DISK).duplicate());
        assertEquals(2, sample.end().durablePosition(), "a repeat waits for its own commit only");
        sample.path().force(3, Long.MAX_VALUE);
        assertEquals(3, sample.end().durablePosition());
        assertThrows(IllegalStateException.class, () -> sample.path().append("e", Expected.any(), event, Durability.REPLICATED));
        assertEquals(3, sample.end().position());
    }

    @Test
    void aRepeatIsForcedToo() {
        append("e", Expected.absent(), EVENT.withId(A));
        NewEvent[] event = {EVENT.withId(A)};
        assertTrue(sample.path().append("e", Expected.absent(), event, Durability.DISK).duplicate());
        assertEquals(1, sample.end().durablePosition());
    }

    @Test
    void anInterruptedThreadAppendsAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        append("e", Expected.absent(), EVENT);
        sample.path().append("e", Expected.any(), new NewEvent[] {EVENT}, Durability.DISK);
        assertThrows(ConflictException.class, () -> append("e", Expected.absent(), EVENT));
        assertTrue(Thread.interrupted());
        assertEquals(2, append("e", Expected.exactly(1), EVENT).version());
    }

    @Test
    void nothingIsAppendedAfterClose() {
        append("e", Expected.any(), EVENT);
        sample.path().close();
        assertThrows(StoreClosedException.class, () -> append("e", Expected.any(), EVENT));
        assertEquals(1, sample.end().position());
        assertFalse(sample.lock.isLocked());
    }

    /** All heads in one segment: one that was dropped while an append waits for the lock may be the one that it looked for. */
    @Test
    void looksAgainWhenHeadsWereDroppedMeanwhile() throws Exception {
        EntityHash oneSegment = (bytes, offset, length, hash, at) -> {
            IndexSettings.hash(1, 2).hash(bytes, offset, length, hash, at);
            hash[at] >>>= 8;
        };
        StoreSettings settings = StoreSettings.create().headTableBytes(1 << 18);
        try (SampleEnd other = new SampleEnd(folder.resolve("other"), settings, oneSegment, null, new ReentrantLock())) {
            NewEvent[] event = {EVENT};
            other.path().append("e", Expected.absent(), event, Durability.PROCESS);
            AtomicReference<Object> outcome = new AtomicReference<>();
            Thread waiting = new Thread(() -> {
                try {
                    outcome.set(other.path().append("nobody", Expected.absent(), event, Durability.PROCESS));
                } catch (RuntimeException e) {
                    outcome.set(e);
                }
            });
            other.lock.lock();
            try {
                waiting.start();
                while (!other.lock.hasQueuedThread(waiting)) {
                    Thread.onSpinWait();
                }
                for (int i = 0; i < 20; i++) {
                    PendingCommit commit = other.path().newCommit();
                    commit.fill("f-" + i, Expected.absent(), EVENT);
                    commit.findHeads();
                    assertTrue(commit.findHeadsLocked());
                    other.end().write(commit);
                    other.index.flush();
                }
            } finally {
                other.lock.unlock();
            }
            waiting.join();
            AppendResult result = assertInstanceOf(AppendResult.class, outcome.get());
            assertEquals(new AppendResult(21, 21, 0, result.timeNs(), false), result);
            assertTrue(other.index.headsInMemory() < 22, "heads were dropped");
        }
    }

    @Test
    void aClaimGoesTheSameWay() {
        PendingCommit commit = sample.path().newCommit();
        commit.claim("e", -1, "T", 4).putInt(0, 77);
        commit.claimId(5, 6);
        commit.closeClaim();
        assertFalse(sample.path().append(commit, Durability.PROCESS));
        assertEquals(0, sample.path().position(commit));
        append("f", Expected.any(), EVENT);
        commit.claim("e", 0, "T", 4).putInt(0, 77);
        commit.closeClaim();
        assertFalse(sample.path().append(commit, Durability.PROCESS));
        assertEquals(2, sample.path().position(commit));
        commit.claim("e", -1, "T", 4).putInt(0, 77);
        commit.claimId(5, 6);
        commit.closeClaim();
        assertTrue(sample.path().append(commit, Durability.PROCESS));
        assertEquals(0, sample.path().position(commit));
        assertThrows(IllegalArgumentException.class, () -> commit.claim("e", 0, "T", SampleEnd.MAX_PAYLOAD + 1));
    }

    @Test
    void whatIsOverALimitIsRefusedBeforeTheLock() {
        NewEvent tooLong = NewEvent.of("T", new byte[SampleEnd.MAX_PAYLOAD + 1]);
        assertThrows(IllegalArgumentException.class, () -> append("e", Expected.any(), tooLong));
        assertThrows(IllegalArgumentException.class, () -> append("", Expected.any(), EVENT));
        assertThrows(IllegalArgumentException.class, () -> append("e", Expected.any()));
        assertEquals(0, append("e", Expected.any(), NewEvent.of("T", new byte[SampleEnd.MAX_PAYLOAD])).firstPosition());
    }
}
