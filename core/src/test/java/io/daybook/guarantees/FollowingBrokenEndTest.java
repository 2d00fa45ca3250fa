package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Poller;
import io.daybook.StartFrom;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A commit that is not complete yet is waited for; one that was visible and is gone is damage, and is not waited for. */
class FollowingBrokenEndTest extends JournalTest {

    private static final int KEPT_BYTES = 2 << 20;
    private static final int BEGUN = 0x8000_0000;
    private static final int END_OF_FILE = 0xC000_0000;

    private static void append(EventStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.append("entity", Expected.any(), Events.numbered(i));
        }
    }

    private JournalFiles.Document lastCommit(Path cycle) throws IOException {
        List<JournalFiles.Document> commits = JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList();
        return commits.get(commits.size() - 1);
    }

    private static byte[] bytes(Path cycle, JournalFiles.Document commit) throws IOException {
        byte[] bytes = new byte[commit.length()];
        try (RandomAccessFile access = new RandomAccessFile(cycle.toFile(), "r")) {
            access.seek(commit.offset() + Integer.BYTES);
            access.readFully(bytes);
        }
        return bytes;
    }

    private static void writeHeader(Path cycle, long offset, int header) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(cycle.toFile(), "rw")) {
            access.seek(offset);
            access.writeInt(Integer.reverseBytes(header));
        }
    }

    @Test
    void aReadingFollowerWaitsForACommitThatIsBegun() throws Exception {
        JournalFiles.Kept withTwo;
        try (EventStore owner = EventStore.open(folder, small())) {
            append(owner, 0, 2);
            withTwo = JournalFiles.keep(folder, KEPT_BYTES);
            append(owner, 2, 3);
        }
        JournalFiles.Document last = lastCommit(JournalFiles.cycles(folder).get(0));
        byte[] commit = bytes(JournalFiles.cycles(folder).get(0), last);
        withTwo.putBack(folder);
        Path cycle = JournalFiles.cycles(folder).get(0);
        Damages.write(cycle, last.offset() + Integer.BYTES, commit);
        writeHeader(cycle, last.offset(), BEGUN | last.length());
        List<Long> seen = new ArrayList<>();
        try (EventStore reading = EventStore.openReadOnly(folder, small());
                Poller poller = reading.poller(Follow.from(StartFrom.beginning()), event -> seen.add(event.position()))) {
            assertEquals(2, poller.poll(10));
            assertEquals(0, poller.poll(10));
            writeHeader(cycle, last.offset(), last.length());
            assertEquals(1, poller.poll(10));
            assertEquals(List.of(0L, 1L, 2L), seen);
        }
    }

    /** What was there when it began must be there still, also where the end is not known. */
    @Test
    void aReadingFollowerDoesNotTakeDamageForTheEnd() throws Exception {
        try (EventStore owner = EventStore.open(folder, small())) {
            append(owner, 0, 30);
        }
        Path cycle = JournalFiles.cycles(folder).get(0);
        JournalFiles.Document tenth = JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList().get(10);
        for (int header : new int[] {BEGUN | tenth.length(), 0, END_OF_FILE}) {
            try (EventStore reading = EventStore.openReadOnly(folder, small());
                    Poller poller = reading.poller(Follow.from(StartFrom.beginning()), event -> { })) {
                writeHeader(cycle, tenth.offset(), header);
                assertEquals(10, poller.poll(10));
                assertThrows(JournalDamagedException.class, () -> poller.poll(10), "header=" + header);
                writeHeader(cycle, tenth.offset(), tenth.length());
                assertEquals(20, poller.poll(30));
            }
        }
    }

    @Test
    void aFollowerDoesNotWaitForACommitThatWasThere() throws Exception {
        try (EventStore owner = EventStore.open(folder, small())) {
            append(owner, 0, 3);
            try (Poller poller = owner.poller(Follow.from(StartFrom.beginning()), event -> { })) {
                assertEquals(2, poller.poll(2));
                Path cycle = JournalFiles.cycles(folder).get(0);
                JournalFiles.Document last = lastCommit(cycle);
                writeHeader(cycle, last.offset(), 0);
                assertThrows(JournalDamagedException.class, () -> poller.poll(10));
                assertThrows(JournalDamagedException.class, () -> poller.poll(10));
                writeHeader(cycle, last.offset(), last.length());
                assertEquals(1, poller.poll(10));
            }
        }
    }
}
