package io.daybook.read;

import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitEncoder;
import io.daybook.envelope.SkipRule;
import io.daybook.index.Head;
import io.daybook.index.PositionTable;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.JournalWriter;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Commits in files, with heads and a table of positions beside them, and pointers that a test may change. */
final class WrittenCommits implements AutoCloseable {

    final JournalFolder folder;
    final Windows windows;
    final PositionTable positions = new PositionTable();
    final Map<String, long[]> heads = new HashMap<>();
    final Map<String, List<Long>> addresses = new HashMap<>();
    private final JournalWriter writer;
    private final CommitEncoder encoder = new CommitEncoder(1 << 20);
    long position;
    long timeNs;
    /** What is added to the pointers of the next event. */
    long wrongPrevious;
    /** What is added to the short cut of the next event alone. */
    long wrongSkip;

    WrittenCommits(Path root) throws IOException {
        folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        windows = new Windows(folder);
        writer = JournalWriter.open(folder, 1 << 20, Address.of(0, 0));
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    void append(String... entities) {
        encoder.begin();
        for (String entity : entities) {
            encoder.add(bytes(entity), 0, bytes(entity).length, NewEvent.json("Type-of-" + entity, "{}"));
        }
        long data = writer.open(encoder.paddedLength());
        for (int i = 0; i < entities.length; i++) {
            long[] head = heads.computeIfAbsent(entities[i], e -> new long[Head.WORDS]);
            long version = Head.version(head, 0) + 1;
            long skip = version == 0 ? 0 : Head.level(head, 0, SkipRule.level(version));
            encoder.stamp(i, version, Head.newest(head, 0) + wrongPrevious, skip + wrongPrevious + wrongSkip);
            wrongPrevious = 0;
            wrongSkip = 0;
            Head.add(head, 0, data + encoder.offset(i));
            addresses.computeIfAbsent(entities[i], e -> new ArrayList<>()).add(data + encoder.offset(i));
        }
        encoder.head(position, timeNs, 1, 0);
        encoder.seal();
        writer.write(encoder.bytes());
        writer.publish();
        positions.add(position, timeNs, writer.documentAddress());
        position += entities.length;
    }

    void roll() {
        writer.askRoll();
    }

    @Override
    public void close() {
        writer.close();
    }
}
