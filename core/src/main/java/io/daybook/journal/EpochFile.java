package io.daybook.journal;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.CommitDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The epochs of a journal and where each began: {@code epochs.dbk}, drawn in FORMAT.md. Internal: not part of the API. */
public final class EpochFile {

    private static final long MAGIC = 0x4B4F4F4259414400L | 'E';
    private static final int VERSION = 1;
    private static final int HEADER = 16;
    private static final int RECORD = 24;

    /**
     * One epoch.
     *
     * @param number        1 for the first
     * @param startPosition the first position that was given out in it
     * @param startNs       when it began, nanoseconds since 1970 UTC
     */
    public record Epoch(int number, long startPosition, long startNs) {
    }

    private EpochFile() {
    }

    /** One more epoch, which begins here. One before it that began later lost all that was given out in it. */
    public static List<Epoch> next(List<Epoch> epochs, long startPosition, long startNs) {
        List<Epoch> next = new ArrayList<>();
        for (Epoch epoch : epochs) {
            next.add(new Epoch(epoch.number, Math.min(epoch.startPosition, startPosition), epoch.startNs));
        }
        next.add(new Epoch(epochs.get(epochs.size() - 1).number + 1, startPosition, startNs));
        return next;
    }

    /** One more epoch, behind these. */
    public static List<Epoch> with(List<Epoch> epochs, Epoch last) {
        List<Epoch> more = new ArrayList<>(epochs);
        more.add(last);
        return more;
    }

    /** Reads all epochs, oldest first. */
    public static List<Epoch> read(JournalFolder folder) throws IOException {
        String name = folder.epochFile().toString();
        if (!Files.exists(folder.epochFile())) {
            throw new JournalDamagedException("The list of epochs is missing", name, 0);
        }
        ByteBuffer content = SmallFile.read(folder.epochFile());
        if (content == null || content.capacity() < HEADER + RECORD + Integer.BYTES || content.getLong() != MAGIC
                || content.getInt() != VERSION) {
            throw new JournalDamagedException("The list of epochs is damaged", name, 0);
        }
        int count = content.getInt();
        if (count < 1 || content.capacity() != HEADER + (long) count * RECORD + Integer.BYTES) {
            throw new JournalDamagedException("The list of epochs is damaged", name, HEADER - Integer.BYTES);
        }
        List<Epoch> epochs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long number = content.getLong();
            long start = content.getLong();
            boolean follows = i == 0 ? number >= 1 && start >= 0
                    : number > epochs.get(i - 1).number() && start >= epochs.get(i - 1).startPosition();
            if (!follows || number > CommitDescriptor.MAX_EPOCH) {
                throw new JournalDamagedException("The list of epochs is damaged: number=" + number + " startPosition=" + start, name,
                        HEADER + (long) i * RECORD);
            }
            epochs.add(new Epoch((int) number, start, content.getLong()));
        }
        return epochs;
    }

    /** Writes all epochs. */
    public static void write(JournalFolder folder, List<Epoch> epochs) throws IOException {
        ByteBuffer content = SmallFile.content(HEADER + epochs.size() * RECORD + Integer.BYTES);
        content.putLong(MAGIC).putInt(VERSION).putInt(epochs.size());
        for (Epoch epoch : epochs) {
            content.putLong(epoch.number()).putLong(epoch.startPosition()).putLong(epoch.startNs());
        }
        SmallFile.write(folder.epochFile(), content);
    }
}
