package io.daybook.journal;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.host.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Chronicle's note, in a cycle's file, of how far it has written: the offset of a document, from which Chronicle goes on to the end of the
 * file. It may be behind, as after a kill, and 0 at a file's beginning. From a place in the middle of a commit, to which a changed bit may
 * lead, Chronicle would take what stands there for headers, and write into the commit. So the way is gone before Chronicle goes it; where
 * it does not lead to the end, the true place is found from the file's beginning and noted.
 */
final class WrittenUpTo {

    /** The end of a file that has its end mark. */
    static final long END_MARK = -1;
    /** The end of a file that has no document yet. */
    static final long BEGINNING = 0;

    private static final int MOST_STEPS = 1 << 16; // Chronicle itself writes at least one document in 256, and notes it
    private static final long MOST_BYTES_BEHIND = 256 << 20; // and one in 64 MiB; it asserts that its note is not a whole mapping behind

    /** Where the way from the note leads. */
    private enum Way { TO_THE_END, TO_THE_END_MARK, ASTRAY }

    private final JournalFolder folder;
    private final int cycle;
    private final long end;

    /** Of the file of this cycle, which ends at this offset, {@link #BEGINNING}, or at its {@link #END_MARK}. */
    WrittenUpTo(JournalFolder folder, int cycle, long end) {
        this.folder = folder;
        this.cycle = cycle;
        this.end = end;
    }

    /**
     * Leaves a note from which Chronicle comes to the end. Answers true if it comes to an end mark, and so opens no older file.
     *
     * @throws JournalDamagedException if the note is wrong and the file does not lead to its end from its beginning either
     */
    boolean mend() throws IOException {
        Way way;
        try (FileChannel file = FileChannel.open(path(), StandardOpenOption.READ)) {
            way = wayFrom(file, ChronicleHeader.Field.WRITE_POSITION.valueIn(file));
        }
        if (way == Way.ASTRAY) {
            note(lastDocument());
            return end == END_MARK;
        }
        return way == Way.TO_THE_END_MARK;
    }

    private Path path() {
        return folder.cycleFile(cycle);
    }

    private Way wayFrom(FileChannel file, long noted) throws IOException {
        if (!ChronicleHeader.Field.WRITE_POSITION.isIn(file)) {
            return Way.TO_THE_END; // Chronicle says that it cannot read the description
        }
        if (noted == 0 || end == BEGINNING) {
            return noted == end ? Way.TO_THE_END : Way.ASTRAY;
        }
        if (noted < 0 || noted % CommitDescriptor.ALIGNMENT != 0 || end != END_MARK && end - noted > MOST_BYTES_BEHIND) {
            return Way.ASTRAY;
        }
        ByteBuffer bytes = ByteBuffer.allocate(DocumentScanner.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        long offset = noted;
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            int header = file.read(bytes.clear(), offset) < DocumentScanner.HEADER_LENGTH ? 0 : bytes.getInt(0);
            if (header == DocumentScanner.END_OF_FILE && offset >= end) {
                return Way.TO_THE_END_MARK;
            }
            if (offset == end && steps > 0) { // Chronicle's first step is over a document that is there
                return Way.TO_THE_END;
            }
            if (header == 0 || (header & DocumentScanner.NOT_COMPLETE) != 0) {
                return Way.ASTRAY;
            }
            offset += DocumentScanner.HEADER_LENGTH + CommitDescriptor.aligned(header & DocumentScanner.LENGTH_MASK);
        }
        return Way.ASTRAY;
    }

    /** The offset of the last document before the end, 0 if there is none; that of the end mark if the file has one. */
    private long lastDocument() {
        if (end == BEGINNING) {
            return 0;
        }
        DocumentScanner scanner = new DocumentScanner(new Windows(folder), cycle).moveTo(Address.of(cycle, 0));
        DocumentScanner.Step step;
        long last = 0;
        do {
            step = scanner.next();
            last = step == DocumentScanner.Step.DOCUMENT ? Address.offset(scanner.documentAddress()) : last;
        } while (step == DocumentScanner.Step.DOCUMENT && (end == END_MARK || Address.offset(scanner.nextAddress()) < end));
        long reached = Address.offset(scanner.nextAddress());
        if (end == END_MARK ? step != DocumentScanner.Step.CLOSED : reached != end) {
            throw new JournalDamagedException("A journal file has no end where it should: found=" + step, path().toString(), reached);
        }
        return end == END_MARK ? reached : last;
    }

    /** Beside it Chronicle keeps how many documents there are before; where that is 0 it counts them. */
    private void note(long offset) throws IOException {
        ByteBuffer noteAndCount = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, offset);
        try (FileChannel file = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            Space.write(file, noteAndCount, ChronicleHeader.Field.WRITE_POSITION.valueAt);
        }
    }
}
