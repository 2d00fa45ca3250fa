package io.daybook.recovery;

import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitEncoder;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.JournalWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A journal whose commits are whole but say whatever a test wants. */
final class HandMadeJournal implements AutoCloseable {

    final JournalFolder folder;
    private final JournalWriter writer;
    private final CommitEncoder encoder = new CommitEncoder(1 << 20);
    private long dataAddress;
    long position;
    long timeNs = 1_700_000_000_000_000_000L;

    HandMadeJournal(Path root) throws IOException {
        folder = new JournalFolder(root);
        JournalCreation.prepare(folder, LeftJournal.SETTINGS);
        JournalCreation.readOrCreate(folder, LeftJournal.SETTINGS);
        Files.createDirectories(folder.queue());
        writer = JournalWriter.open(folder, 1 << 20, Address.of(0, 0));
    }

    /** Begins a commit of events of these entities; its data will lie at the answered address. */
    HandMadeJournal commit(String... entities) {
        encoder.begin();
        for (String entity : entities) {
            byte[] name = entity.getBytes(StandardCharsets.UTF_8);
            encoder.add(name, 0, name.length, NewEvent.json("T", "{}"));
        }
        dataAddress = writer.open(encoder.paddedLength());
        return this;
    }

    /** Sets one event's version and pointers. */
    HandMadeJournal event(int index, long version, long previous, long skip) {
        encoder.stamp(index, version, previous, skip);
        return this;
    }

    /** Address of an event of the commit that was begun last. */
    long address(int event) {
        return dataAddress + encoder.offset(event);
    }

    /** Writes it, and counts on. */
    void write() {
        encoder.head(position, timeNs, 1, 0);
        encoder.seal();
        writer.write(encoder.bytes());
        writer.publish();
        position += encoder.events();
        timeNs++;
    }

    /** A commit of one event, whose address is answered. */
    long append(String entity, long version, long previous, long skip) {
        commit(entity).event(0, version, previous, skip).write();
        return address(0);
    }

    long documentAddress() {
        return writer.documentAddress();
    }

    void roll() {
        writer.askRoll();
    }

    @Override
    public void close() {
        writer.close();
    }
}
