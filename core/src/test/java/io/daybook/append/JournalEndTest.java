package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.DaybookException;
import io.daybook.Durability;
import io.daybook.DurabilityException;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.append.FaultyAppender.Fault;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitView;
import io.daybook.index.IndexSettings;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantee 10, an exception from append means that nothing was written: whatever throws below. */
@Tag("recovery")
class JournalEndTest {

    private static final NewEvent EVENT = NewEvent.json("T", "{}");

    @TempDir
    private Path folder;
    private SampleEnd sample;

    @BeforeEach
    void open() throws IOException {
        sample = new SampleEnd(folder.resolve("journal"));
    }

    @AfterEach
    void close() {
        sample.close();
    }

    private AppendResult append(String entity) {
        return sample.path().append(entity, Expected.any(), new NewEvent[] {EVENT}, Durability.PROCESS);
    }

    /** Counts the events that a reader of the files sees, and checks that they are whole and dense. */
    private long stored() {
        DocumentScanner scanner = new DocumentScanner(sample.windows).moveTo(Address.of(0, 0));
        long position = 0;
        while (scanner.next() == DocumentScanner.Step.DOCUMENT) {
            CommitView commit = scanner.commit();
            assertTrue(commit.isWhole());
            assertEquals(position, commit.position());
            position += commit.events();
        }
        return position;
    }

    @Test
    void aCommitIsVisibleWhenWriteReturns() {
        long before = sample.end().position();
        AppendResult result = append("account-1");
        assertEquals(new AppendResult(before, before, 0, result.timeNs(), false), result);
        assertEquals(1, sample.end().position());
        assertEquals(1, stored());
        assertEquals(0, sample.reads.version("account-1"));
        DocumentScanner scanner = new DocumentScanner(sample.windows).moveTo(Address.of(0, 0));
        scanner.next();
        CommitView commit = scanner.commit();
        assertTrue(commit.isWhole());
        assertEquals(SampleEnd.EPOCH, commit.epoch());
        assertEquals(result.timeNs(), commit.timeNs());
        assertEquals(scanner.nextAddress(), sample.end().address());
        assertTrue(sample.end().isSound());
    }

    @Test
    void everyCommitCarriesTheDurablePositionOfItsTime() throws IOException {
        append("account-1");
        append("account-1");
        sample.end().force(2, Long.MAX_VALUE);
        assertEquals(2, sample.end().durablePosition());
        assertEquals(1, sample.end().forces());
        append("account-1");
        sample.end().force(2, Long.MAX_VALUE);
        assertEquals(1, sample.end().forces(), "forced already");
        DocumentScanner scanner = new DocumentScanner(sample.windows).moveTo(Address.of(0, 0));
        long[] durable = new long[3];
        for (int i = 0; i < 3; i++) {
            assertEquals(DocumentScanner.Step.DOCUMENT, scanner.next());
            assertTrue(scanner.commit().isWhole());
            durable[i] = scanner.commit().durablePosition();
        }
        assertEquals(0, durable[0]);
        assertEquals(0, durable[1]);
        assertEquals(2, durable[2]);
    }

    @Test
    void aRollThatWasAskedForComesWithTheNextCommit() {
        append("account-1");
        sample.end().askRoll();
        append("account-1");
        append("account-1");
        assertEquals(2, sample.folder.cycles().length);
        assertEquals(3, stored());
        assertEquals(1, Address.cycle(sample.end().address()));
    }

    @Test
    void aWriterThatWasClosedUnderneathWritesNothing() {
        append("account-1");
        sample.writer.close();
        for (int i = 0; i < 3; i++) {
            DaybookException e = assertThrows(DaybookException.class, () -> append("account-1"));
            assertTrue(e.getMessage().startsWith("The commit was not written: position=1"), e.getMessage());
        }
        assertEquals(1, sample.end().position());
        assertEquals(0, sample.reads.version("account-1"));
        assertEquals(1, stored());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "WIRE"})
    void aThrowBeforePublicationLeavesNoTraceAndTheStoreGoesOn(Fault fault) throws ReflectiveOperationException {
        FaultyAppender faulty = FaultyAppender.in(sample.writer);
        append("account-1");
        for (int i = 1; i < 4; i++) {
            faulty.failNext(fault);
            Thread.currentThread().interrupt();
            DaybookException e = assertThrows(DaybookException.class, () -> append("account-1"));
            assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
            assertTrue(e.getMessage().startsWith("The commit was not written: position=" + i), e.getMessage());
            assertEquals("fault=" + fault, e.getCause().getMessage());
            assertEquals(i, stored());
            assertEquals(i - 1, sample.reads.version("account-1"));
            assertTrue(sample.end().isSound());
            assertEquals(i, append("account-1").firstPosition());
        }
        assertEquals(4, stored());
    }

    @Test
    void aThrowAfterPublicationIsNoRefusalButTheLastCommit() throws ReflectiveOperationException {
        FaultyAppender faulty = FaultyAppender.in(sample.writer);
        append("account-1");
        faulty.failNext(Fault.AFTER_CLOSE);
        AppendResult result = append("account-1");
        assertEquals(1, result.firstPosition());
        assertEquals(1, result.version());
        assertEquals(2, stored());
        assertEquals(1, sample.reads.version("account-1"));
        assertEquals(2, sample.end().position());
        assertFalse(sample.end().isSound());
        DaybookException e = assertThrows(DaybookException.class, () -> append("account-1"));
        assertTrue(e.getMessage().contains("nothing more is written"), e.getMessage());
        assertEquals("fault=AFTER_CLOSE", e.getCause().getMessage());
        assertEquals(2, stored());
    }

    @Test
    void aThrowInPublicationThatPublishedNothingIsARefusalAndTheLast() throws ReflectiveOperationException {
        FaultyAppender faulty = FaultyAppender.in(sample.writer);
        append("account-1");
        faulty.failNext(Fault.BEFORE_CLOSE);
        DaybookException e = assertThrows(DaybookException.class, () -> append("account-1"));
        assertTrue(e.getMessage().startsWith("The commit was not written: position=1 offset="), e.getMessage());
        assertEquals(1, stored());
        assertEquals(0, sample.reads.version("account-1"));
        assertEquals(1, sample.end().position());
        assertFalse(sample.end().isSound());
        assertThrows(DaybookException.class, () -> append("account-2"));
        assertEquals(1, stored());
    }

    @Test
    void aClockThatJumpsIsToldAndNotFollowed() throws IOException {
        SampleEnd.Hands hands = new SampleEnd.Hands() {
            @Override
            public long wallNs() {
                return super.wallNs() + (ns - 1_700_000_000_000_000_000L) * 10_000;
            }
        };
        StoreSettings settings = StoreSettings.create().clock(hands);
        try (SampleEnd other = new SampleEnd(folder.resolve("other"), settings, IndexSettings.hash(1, 2), null)) {
            hands.ns += 1_000_000_000;
            AppendResult result = other.path().append("e", Expected.any(), new NewEvent[] {EVENT}, Durability.PROCESS);
            assertEquals(hands.ns, result.timeNs());
            assertEquals(1, other.end().clockJumps());
            assertEquals(10_000_000_000_000L, other.end().lastClockJumpNs());
        }
    }

    @Test
    void aClockThatThrowsWritesNothing() throws IOException {
        SampleEnd.Hands hands = new SampleEnd.Hands() {
            private boolean broken;

            @Override
            public long monotonicNs() {
                if (broken) {
                    throw new IllegalStateException("the clock broke");
                }
                broken = true;
                return super.monotonicNs();
            }
        };
        StoreSettings settings = StoreSettings.create().clock(hands);
        try (SampleEnd other = new SampleEnd(folder.resolve("other"), settings, IndexSettings.hash(1, 2), null)) {
            assertThrows(IllegalStateException.class,
                    () -> other.path().append("e", Expected.any(), new NewEvent[] {EVENT}, Durability.PROCESS));
            assertEquals(0, other.end().position());
            assertFalse(other.lock.isLocked());
        }
    }

    /** The force fails because a folder stands where the file should be. */
    @Test
    void afterAFailedForceNothingIsWrittenAnyMore() throws IOException {
        JournalFolder elsewhere = new JournalFolder(folder.resolve("elsewhere"));
        Files.createDirectories(elsewhere.cycleFile(0));
        try (SampleEnd other = new SampleEnd(folder.resolve("other"), StoreSettings.create(), IndexSettings.hash(1, 2), elsewhere)) {
            NewEvent[] event = {EVENT};
            other.path().append("e", Expected.absent(), event, Durability.PROCESS);
            DurabilityException failed = assertThrows(DurabilityException.class,
                    () -> other.path().append("e", Expected.exactly(0), List.of(EVENT).toArray(event), Durability.DISK));
            assertEquals(1, failed.result().firstPosition(), "it is in the journal: " + failed.result());
            assertEquals(1, other.reads.version("e"));
            assertEquals(0, other.end().durablePosition());
            assertThrows(DurabilityException.class, () -> other.path().force(1, Long.MAX_VALUE));
            DaybookException refused = assertThrows(DaybookException.class,
                    () -> other.path().append("e", Expected.any(), event, Durability.PROCESS));
            assertEquals(DaybookException.class, refused.getClass(), "nothing was written, so nothing is in the journal: " + refused);
            assertEquals(1, other.reads.version("e"));
            assertEquals(2, other.end().position());
        }
    }

    /** Too few file descriptors, for instance, when the look at a new file's beginning needs one. */
    @Test
    void aNewFileThatCannotBeLookedAtIsARefusalAndTheStoreGoesOn() throws IOException {
        JournalFolder other = new JournalFolder(folder.resolve("other"));
        Files.createDirectories(other.queue());
        Files.createSymbolicLink(other.cycleFile(0), sample.folder.cycleFile(0));
        Files.createDirectory(other.cycleFile(1)); // it cannot be mapped
        WriteSide side = sample.over(new Windows(other));
        NewEvent[] events = {EVENT};
        side.path().append("account-1", Expected.any(), events, Durability.PROCESS);
        side.end().askRoll();
        DaybookException refused = assertThrows(DaybookException.class,
            () -> side.path().append("account-1", Expected.any(), events, Durability.PROCESS));
        assertTrue(refused.getMessage().startsWith("The commit was not written: position=1"), refused.getMessage());
        Files.delete(other.cycleFile(1));
        Files.createSymbolicLink(other.cycleFile(1), sample.folder.cycleFile(1));
        assertEquals(1, side.path().append("account-1", Expected.any(), events, Durability.PROCESS).firstPosition());
        assertEquals(2, stored());
    }
}
