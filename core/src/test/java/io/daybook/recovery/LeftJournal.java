package io.daybook.recovery;

import io.daybook.EventStore;
import io.daybook.OtherBoot;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A journal as its owner left it, to be damaged and opened again: a copy of the folder of a store that is still open, so a kill to whoever
 * opens it; with another boot id in it, a stop of the machine. Journals here are small: of each file only the first part is copied.
 */
final class LeftJournal {

    static final StoreSettings SETTINGS = StoreSettings.create().cycleBytes(1 << 20).indexCapacity(64).headTableBytes(1 << 18);

    private static final long COPIED_BYTES = 2 << 20;

    final JournalFolder folder;

    private LeftJournal(Path root) {
        folder = new JournalFolder(root);
    }

    /** What an owner leaves who is killed after having done this. */
    static LeftJournal killedAfter(Path temp, Consumer<EventStore> work) throws IOException {
        return killedAfter(temp, SETTINGS, work);
    }

    /** The same with settings of its own. */
    static LeftJournal killedAfter(Path temp, StoreSettings settings, Consumer<EventStore> work) throws IOException {
        Path live = temp.resolve("live");
        try (EventStore store = EventStore.open(live, settings)) {
            work.accept(store);
            return new LeftJournal(live).copyTo(temp.resolve("left"));
        }
    }

    /** What an owner leaves who closes. */
    static LeftJournal closedAfter(Path temp, Consumer<EventStore> work) {
        Path root = temp.resolve("closed");
        try (EventStore store = EventStore.open(root, SETTINGS)) {
            work.accept(store);
        }
        return new LeftJournal(root);
    }

    LeftJournal copyTo(Path root) throws IOException {
        copy(folder.root(), root);
        return new LeftJournal(root);
    }

    /** Copies a journal's folder as a kill would leave it. */
    static void copy(Path live, Path root) throws IOException {
        try (var files = Files.walk(live)) {
            for (Path from : files.sorted().toList()) {
                Path to = root.resolve(live.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else if (!from.getFileName().toString().startsWith("owner.")) {
                    copyFile(from, to);
                }
            }
        }
    }

    private static void copyFile(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
            FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            boolean cycle = from.toString().endsWith(JournalFolder.CYCLE_SUFFIX);
            in.transferTo(0, cycle ? COPIED_BYTES : in.size(), out);
        }
    }

    /** The machine stopped: whoever opens the journal finds himself on another boot. */
    LeftJournal stopTheMachine() throws IOException {
        OtherBoot.writeInto(folder.root());
        deleteIndex();
        return this;
    }

    void deleteIndex() throws IOException {
        try (var files = Files.list(folder.index())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Overwrites a part of a cycle's file. */
    void write(int cycle, long offset, byte[] bytes) {
        try (FileChannel channel = FileChannel.open(folder.cycleFile(cycle), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void zero(int cycle, long from, long to) {
        write(cycle, from, new byte[(int) (to - from)]);
    }

    byte[] read(int cycle, long from, long to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        try (FileChannel channel = FileChannel.open(folder.cycleFile(cycle), StandardOpenOption.READ)) {
            channel.read(bytes, from);
        }
        return bytes.array();
    }

    /** Addresses of all documents, and at last of the place behind them. */
    List<Long> documents() {
        List<Long> documents = new ArrayList<>();
        DocumentScanner scanner = new DocumentScanner(new Windows(folder)).moveTo(Address.of(0, 0));
        while (scanner.next() == DocumentScanner.Step.DOCUMENT) {
            documents.add(scanner.documentAddress());
        }
        documents.add(scanner.nextAddress());
        return documents;
    }

    EventStore open() {
        return EventStore.open(folder.root(), SETTINGS);
    }
}
