package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.daybook.EventStore;
import io.daybook.Expected;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 8: what a stop of the machine took of the newest file before it was forced, in whatever order, is never damage. */
@Tag("recovery")
class LostPiecesTest {

    @TempDir
    private Path temp;

    @Test
    void whicheverSectorsPagesAndLengthAreGoneItOpens() throws IOException {
        Random random = new Random(7);
        LeftJournal left = LeftJournal.killedAfter(temp, store -> MachineStopTest.append(store, 600)).stopTheMachine();
        for (int i = 0; i < 40; i++) {
            LeftJournal one = left.copyTo(temp.resolve("copy-" + i));
            one.deleteIndex();
            int piece = random.nextBoolean() ? 512 : 4096;
            for (int n = random.nextInt(4); n >= 0; n--) {
                long at = piece * (1L + random.nextInt((120 << 10) / piece)); // the first one was forced with the folder
                one.zero(0, at, at + piece);
            }
            if (random.nextInt(3) == 0) {
                try (RandomAccessFile file = new RandomAccessFile(one.folder.cycleFile(0).toFile(), "rw")) {
                    file.setLength(4096L * (1 + random.nextInt(30)));
                }
            }
            try (EventStore store = one.open()) {
                int events = (int) store.endPosition();
                assertEquals(MachineStopTest.expected(events), MachineStopTest.read(store), "i=" + i);
                store.append("e-new", Expected.absent(), MachineStopTest.event(0));
            }
            one.open().close();
        }
    }
}
