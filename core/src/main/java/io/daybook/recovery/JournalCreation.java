package io.daybook.recovery;

import io.daybook.StoreSettings;
import io.daybook.host.OwnerOnly;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes a journal in an empty folder, and refuses folders that hold something else, changing nothing. Internal: not part of the API. */
final class JournalCreation {

    private static final Set<String> LEFT_BY_A_CREATION_CUT_SHORT =
            Set.of("owner.lock", "owner.pid", "epochs.dbk", "epochs.dbk.tmp", "journal.dbk.tmp", "journal.dbk", "restore.dbk.tmp");

    private JournalCreation() {
    }

    /** Checks everything that can be checked before the folder is owned. */
    static void prepare(JournalFolder folder, StoreSettings settings) throws IOException {
        JvmFlags.requireAll();
        Surroundings.requirePlatform();
        if (!settings.untestedLibraries()) {
            Surroundings.requireLibraries();
        }
        OwnerOnly.createFolder(folder.root());
        Surroundings.requireFileSystem(folder.root());
        if (!Files.exists(folder.journalFile())) {
            requireEmpty(folder);
        } else {
            JournalFile.read(folder, settings);
        }
    }

    private static void requireEmpty(JournalFolder folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.root())) {
            Optional<Path> foreign = files.filter(f -> !LEFT_BY_A_CREATION_CUT_SHORT.contains(f.getFileName().toString()))
                    .filter(f -> !isEmptyFolder(f)).min(Comparator.naturalOrder()); // the same on every file system
            if (foreign.isPresent() && !Files.exists(folder.journalFile())) { // another store may be making the journal right now
                throw JournalFile.noJournal(folder, "The folder is not empty and holds no journal: folder=" + folder.root()
                        + " file=" + foreign.get().getFileName());
            }
        }
    }

    private static boolean isEmptyFolder(Path file) {
        String[] names = file.toFile().list();
        return names != null && names.length == 0;
    }

    /** Reads what was fixed at creation, or creates: the file that makes the folder a journal comes last. */
    static JournalFile readOrCreate(JournalFolder folder, StoreSettings settings) throws IOException {
        if (Files.exists(folder.journalFile())) {
            return JournalFile.read(folder, settings);
        }
        if (folder.restoring() || Files.exists(folder.restoreFile())) {
            throw JournalFile.noJournal(folder, "Another restore has come to its end in the folder: folder=" + folder.root());
        }
        return create(folder, settings, UUID.randomUUID());
    }

    /** Creates a journal of this identity in the folder, which is owned. */
    static JournalFile create(JournalFolder folder, StoreSettings settings, UUID identity) throws IOException {
        long now = settings.clock().wallNs();
        Path parent = folder.root().toAbsolutePath().getParent();
        if (parent != null && Files.isReadable(parent)) {
            JournalFolder.force(parent); // or the folder itself might be gone after a power cut
        }
        EpochFile.write(folder, List.of(new EpochFile.Epoch(1, 0, now)));
        return JournalFile.create(folder, settings, identity, now);
    }
}
