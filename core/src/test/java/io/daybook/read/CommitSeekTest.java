package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitSeekTest {

    @TempDir
    private Path root;
    private WrittenCommits commits;

    @BeforeEach
    void open() throws IOException {
        commits = new WrittenCommits(root);
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private CommitSeek seek() {
        return new CommitSeek(commits.windows, commits.positions);
    }

    /** Commits of one to four events, every third with the time of the one before, over several files. */
    private List<long[]> write(int count) {
        List<long[]> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commits.timeNs += i % 3 == 0 ? 0 : 10;
            written.add(new long[] {commits.position, commits.timeNs, 1 + i % 4});
            String[] entities = new String[1 + i % 4];
            Arrays.fill(entities, "e");
            commits.append(entities);
            if (i % 500 == 499) {
                commits.roll();
            }
        }
        return written;
    }

    @Test
    void findsTheCommitOfEveryPosition() {
        List<long[]> written = write(1800);
        assertTrue(commits.positions.entries() > 4 && commits.folder.cycles().length > 3);
        CommitSeek seek = seek();
        for (long[] commit : written) {
            for (long position = commit[0]; position < commit[0] + commit[2]; position += 3) {
                CommitView found = seek.toPosition(position);
                assertEquals(commit[0], found.position());
                assertEquals(commit[2], found.events());
                assertEquals(commit[1], found.timeNs());
                seek.verify();
            }
        }
    }

    @Test
    void stepsFromCommitToCommitOverFiles() {
        List<long[]> written = write(1200);
        CommitSeek seek = seek();
        seek.toPosition(0);
        for (int i = 1; i < written.size(); i++) {
            assertEquals(written.get(i)[0], seek.nextPosition());
            assertEquals(written.get(i)[0], seek.step().position());
            assertEquals(written.get(i)[0], seek.commit().position());
        }
        JournalDamagedException e = assertThrows(JournalDamagedException.class, seek::step);
        assertTrue(e.getMessage().contains("position=" + commits.position), e.getMessage());
    }

    @Test
    void findsTheFirstCommitOfATimeOrLater() {
        List<long[]> written = write(1500);
        long last = written.get(written.size() - 1)[1];
        for (long time = -5; time <= last + 5; time += 5) {
            long wanted = time;
            long expected = written.stream().filter(c -> c[1] >= wanted).mapToLong(c -> c[0]).findFirst().orElse(commits.position);
            assertEquals(expected, seek().positionOfTime(time, commits.position), "time=" + time);
        }
        assertEquals(0, seek().positionOfTime(Long.MIN_VALUE, commits.position));
        assertEquals(commits.position, seek().positionOfTime(Long.MAX_VALUE, commits.position));
        long end = written.get(700)[0];
        assertEquals(end, seek().positionOfTime(last, end), "nothing behind the end is looked at");
    }

    /** Whoever scanned more than five hundred commits would meet one that is damaged. */
    @Test
    void aTimeIsFoundBySearch() throws IOException {
        List<long[]> written = write(1500);
        int damaged = 0;
        for (int cycle : commits.folder.cycles()) {
            Path file = commits.folder.cycleFile(cycle);
            for (JournalFiles.Document document : JournalFiles.documents(file)) {
                if (document.data() && damaged < 700) {
                    JournalFiles.flip(file, document.offset() + 3, 0x80); // not complete
                    damaged++;
                }
            }
        }
        CommitSeek seek = seek();
        assertEquals(written.get(1201)[0], seek.positionOfTime(written.get(1201)[1], commits.position));
        assertThrows(JournalDamagedException.class, () -> seek.positionOfTime(written.get(100)[1], commits.position));
    }

    @Test
    void anEmptyJournalHasNoTimes() {
        assertEquals(0, seek().positionOfTime(5, 0));
    }

    @Test
    void aCommitOfAnotherPositionIsFound() {
        write(10);
        CommitSeek seek = seek();
        seek.toPosition(0);
        seek.step();
        long address = seek.documentAddress();
        seek.toDocument(address, 2);
        JournalDamagedException e = assertThrows(JournalDamagedException.class, seek::step);
        assertTrue(e.getMessage().contains("another position"), e.getMessage());
        assertEquals(Address.offset(address), e.offset());
        seek.toDocument(address, 1);
        assertEquals(1, seek.step().position());
    }

    @Test
    void damageIsFoundWhenVerified() throws IOException {
        write(10);
        CommitSeek seek = seek();
        seek.toPosition(4);
        seek.verify();
        long offset = Address.offset(seek.documentAddress());
        try (FileChannel channel = FileChannel.open(commits.folder.cycleFile(0), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), offset + 4 + 28 + 44);
        }
        assertEquals(3, seek.toPosition(4).position(), "the header is as it was");
        JournalDamagedException e = assertThrows(JournalDamagedException.class, seek::verify);
        assertEquals(offset, e.offset());
        assertEquals(commits.folder.cycleFile(0).toString(), e.file());
    }
}
