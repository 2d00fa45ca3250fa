package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 8: Chronicle goes by the note, in each file, of how far it has written. From a place in the middle of a commit it would write
 * zeros, a document or an end mark into that commit, when the next append comes.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChroniclesNoteTest extends JournalTest {

    private static final int NOTED_AT = 0x40;
    private static final int NOTED_BITS = 64;
    private static final StoreSettings SETTINGS = small();
    private static final int[] WORDS = {0x8000_0000, 0xC000_0000, 0x8000_0014, 0xC000_0014, 0x14, 0, 0x4000_0014, 0x4000_0000};

    private List<String> everything;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("ChroniclesNoteTest");
    }

    /** What looks like a header of every kind, on every place where a header may begin. */
    private static NewEvent event(Random random, int words) {
        ByteBuffer payload = ByteBuffer.allocate(4 * words).order(ByteOrder.LITTLE_ENDIAN);
        while (payload.hasRemaining()) {
            payload.putInt(WORDS[random.nextInt(WORDS.length)]);
        }
        return NewEvent.of("Fact", payload.array());
    }

    /** Three files; as closed, or as a kill leaves it. */
    private JournalFiles.Kept threeFiles(Path journal, boolean closed) throws IOException {
        Random random = new Random(11);
        JournalFiles.Kept kept;
        try (EventStore store = EventStore.open(journal, SETTINGS)) {
            for (int i = 0; JournalFiles.cycles(journal).size() < 3; i++) {
                store.append("early-" + i % 7, Expected.any(), event(random, i % 10 == 0 ? 20_000 : 20));
            }
            for (int i = 0; i < 300; i++) {
                store.append("early-" + i % 7, Expected.any(), event(random, 20));
            }
            everything = Events.all(store);
            kept = JournalFiles.keep(journal, 4 << 20);
        }
        return closed ? JournalFiles.keep(journal, 4 << 20) : kept;
    }

    private void assertNothingIsLost(Path journal, int firstWords, String what) {
        List<String> after;
        try (EventStore store = EventStore.open(journal, SETTINGS)) {
            assertEquals(everything, Events.all(store), what);
            store.append("late", Expected.absent(), event(new Random(1), firstWords));
            store.append("late", Expected.exactly(0), event(new Random(2), 20));
            after = Events.all(store);
            assertEquals(everything, after.subList(0, everything.size()), what);
            assertEquals(everything.size() + 2, after.size(), what);
        }
        try (EventStore store = EventStore.open(journal, SETTINGS)) {
            assertTrue(store.recovery().cleanlyClosed(), what);
            assertEquals(after, Events.all(store), what);
            assertEquals(1, store.version("late"), what);
        }
    }

    private static void note(Path cycle, long value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(cycle.toFile(), "rw")) {
            file.seek(NOTED_AT);
            file.writeLong(Long.reverseBytes(value));
        }
    }

    private static List<Integer> bits(int file) {
        List<Integer> bits = new ArrayList<>();
        for (int bit = 0; bit < NOTED_BITS; bit++) {
            bits.add(bit);
        }
        Collections.shuffle(bits, new Random(file));
        return bits.subList(0, Effort.times(8, NOTED_BITS));
    }

    @Test
    void whereverABitOfItChangesNoEventIsLost() throws Exception {
        for (boolean closed : new boolean[] {true, false}) {
            JournalFiles.Kept kept = threeFiles(temp.resolve("closed-" + closed), closed);
            for (int file = 0; file < 3; file++) {
                for (int bit : bits(file)) {
                    for (int words : new int[] {20, 240_000}) { // the second one rolls
                        kept.putBack(folder);
                        JournalFiles.flip(JournalFiles.cycles(folder).get(file), NOTED_AT + bit / 8, 1 << bit % 8);
                        assertNothingIsLost(folder, words, "closed=" + closed + " file=" + file + " bit=" + bit + " words=" + words);
                    }
                }
            }
        }
    }

    @Test
    void whereverItPointsNoEventIsLost() throws Exception {
        JournalFiles.Kept kept = threeFiles(folder, true);
        Random random = new Random(sameSeed("whereverItPointsNoEventIsLost"));
        for (int file = 0; file < 3; file++) {
            for (int i = 0; i < Effort.times(15, 500); i++) {
                kept.putBack(folder);
                Path cycle = JournalFiles.cycles(folder).get(file);
                long value = 4L * random.nextInt((1 << 20) / 4) + (random.nextInt(10) == 0 ? 1 : 0);
                note(cycle, value);
                assertNothingIsLost(folder, i % 2 == 0 ? 20 : 240_000, "file=" + file + " value=" + value);
            }
        }
    }

    /** Without it Chronicle takes the file for the one that is written to. */
    @Test
    void aChangedEndMarkOfTheFileBeforeTheNewestIsReportedAndNotWrittenOver() throws Exception {
        JournalFiles.Kept kept = threeFiles(folder, true);
        List<Integer> changes = new ArrayList<>(List.of(0xC0)); // none is left
        for (int bit = 0; bit < Integer.SIZE; bit += Effort.times(5, 1)) {
            changes.add(bit);
        }
        for (int change : changes) {
            kept.putBack(folder);
            Path cycle = JournalFiles.cycles(folder).get(1);
            List<JournalFiles.Document> documents = JournalFiles.documents(cycle);
            JournalFiles.Document last = documents.get(documents.size() - 1);
            long endMark = last.offset() + 4 + last.length() + 3 & ~3L;
            long at = change == 0xC0 ? endMark + 3 : endMark + change / 8;
            int bits = change == 0xC0 ? change : 1 << change % 8;
            JournalFiles.flip(cycle, at, bits);
            String what = "change=" + change;
            JournalDamagedException thrown = assertThrows(JournalDamagedException.class, () -> {
                try (EventStore store = EventStore.open(folder, SETTINGS)) {
                    store.append("late", Expected.absent(), event(new Random(1), 20));
                    Events.all(store);
                }
            }, what);
            assertEquals(cycle.toString(), thrown.file(), what);
            JournalFiles.flip(cycle, at, bits);
            try (EventStore store = EventStore.open(folder, SETTINGS)) {
                assertEquals(everything, Events.all(store).subList(0, everything.size()), what);
            }
        }
    }
}
