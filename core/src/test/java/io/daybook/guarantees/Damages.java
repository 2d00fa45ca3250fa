package io.daybook.guarantees;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.guarantees.KnownJournal.Left;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How each damage of RELIABILITY.md's table is done. */
final class Damages {

    /** Done to a folder of a journal that was left so. */
    interface Damage {
        void to(Path folder, Left left) throws IOException;
    }

    private static final int BLOCK = 4096;
    private static final int WRITE_POSITION = 64;

    private final Map<String, Damage> all = new TreeMap<>();
    private final Path other;

    /** {@code other}: a folder for another journal, which some damage needs. */
    Damages(Path other) {
        this.other = other;
        tails();
        cycles();
        truths();
        derived();
        leftovers();
    }

    /** By the name of the row. */
    Map<String, Damage> all() {
        return all;
    }

    private void tails() {
        all.put("nothing", (folder, left) -> { });
        all.put("tail-torn", (folder, left) -> zero(KnownJournal.cycle(folder), commit(folder, -1).offset() + 40, 1 << 16));
        all.put("tail-garbage", (folder, left) -> {
            JournalFiles.Document last = commit(folder, -1);
            write(KnownJournal.cycle(folder), last.offset() + 4 + (last.length() + 3 & -4) + 4, new byte[] {5, 6, 7, 8, 9});
        });
        all.put("last-commit-missing", (folder, left) -> zero(KnownJournal.cycle(folder), commit(folder, -1).offset(), 1 << 16));
        all.put("hole-before-durable", (folder, left) -> zero(KnownJournal.cycle(folder), commit(folder, 1).offset() + 10, 50));
        all.put("hole-behind-durable", (folder, left) -> zero(KnownJournal.cycle(folder), commit(folder, 6).offset() + 10, 50));
        all.put("bit-in-old-commit", (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder), commit(folder, 2).offset() + 60, 4));
        all.put("bit-in-last-commit", (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder), commit(folder, -1).offset() + 60, 4));
        all.put("bit-in-last-length", (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder), commit(folder, -1).offset() + 1, 4));
        all.put("last-commit-marked-unfinished", (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder),
            commit(folder, -1).offset() + 3, 0x80));
        all.put("last-commit-marked-metadata", (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder),
            commit(folder, -1).offset() + 3, 0x40));
        all.put("commits-swapped", (folder, left) -> swap(KnownJournal.cycle(folder), commit(folder, 4), commit(folder, 5)));
    }

    private void cycles() {
        all.put("header-page-zeroed", (folder, left) -> zero(KnownJournal.cycle(folder), 0, firstCommit(folder)));
        all.put("header-bit", (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder), 30, 1));
        all.put("index-page-zeroed", (folder, left) -> {
            for (JournalFiles.Document page : JournalFiles.documents(KnownJournal.cycle(folder))) {
                if (!page.data() && page.offset() > 0) {
                    zero(KnownJournal.cycle(folder), page.offset() + 4, page.length());
                }
            }
        });
        all.put("write-position-bit", // Chronicle then looks for the end of the file within a commit
            (folder, left) -> JournalFiles.flip(KnownJournal.cycle(folder), WRITE_POSITION, 4));
        all.put("write-position-bit-and-metadata-missing", (folder, left) -> {
            JournalFiles.flip(KnownJournal.cycle(folder), WRITE_POSITION, 4);
            Files.delete(folder.resolve("queue/metadata.cq4t"));
        });
        all.put("cycle-truncated", (folder, left) -> JournalFiles.truncate(KnownJournal.cycle(folder), commit(folder, 1).offset() + 30));
        all.put("cycle-empty", (folder, left) -> JournalFiles.truncate(KnownJournal.cycle(folder), 0));
        all.put("cycle-missing", (folder, left) -> Files.delete(KnownJournal.cycle(folder)));
        all.put("cycle-missing-middle", (folder, left) -> Files.delete(JournalFiles.cycles(folder).get(1)));
        all.put("cycle-missing-last", (folder, left) -> Files.delete(last(folder)));
        all.put("cycle-of-another-journal", (folder, left) -> replaceByOthers(folder, "queue/" + KnownJournal.cycle(folder).getFileName()));
        all.put("files-swapped", (folder, left) -> {
            List<Path> cycles = JournalFiles.cycles(folder);
            swap(cycles.get(0), cycles.get(1));
        });
        all.put("small-files-swapped", (folder, left) -> swap(folder.resolve("journal.dbk"), folder.resolve("epochs.dbk")));
        all.put("state-and-checkpoint-swapped", (folder, left) -> swap(folder.resolve("state.dbk"), folder.resolve("followers/mail.dbk")));
        all.put("index-files-swapped", (folder, left) -> swap(folder.resolve("index/positions.dbk"), folder.resolve("index/heads.dbk")));
        all.put("metadata-missing", (folder, left) -> Files.delete(folder.resolve("queue/metadata.cq4t")));
        all.put("metadata-empty", (folder, left) -> JournalFiles.truncate(folder.resolve("queue/metadata.cq4t"), 0));
        all.put("metadata-of-another-epoch", // a length within it, after which Chronicle reads an epoch of -1
            (folder, left) -> JournalFiles.flip(folder.resolve("queue/metadata.cq4t"), 97, 1));
        all.put("metadata-bit", (folder, left) -> JournalFiles.flip(folder.resolve("queue/metadata.cq4t"), 60, 1));
    }

    private void truths() {
        all.put("journal-file-missing", (folder, left) -> Files.delete(folder.resolve("journal.dbk")));
        all.put("journal-file-damaged", (folder, left) -> JournalFiles.flip(folder.resolve("journal.dbk"), 40, 1));
        all.put("journal-file-truncated", (folder, left) -> JournalFiles.truncate(folder.resolve("journal.dbk"), 50));
        all.put("journal-file-empty", (folder, left) -> JournalFiles.truncate(folder.resolve("journal.dbk"), 0));
        all.put("journal-file-of-a-newer-version", (folder, left) -> JournalFiles.flip(folder.resolve("journal.dbk"), 8, 2));
        all.put("epochs-missing", (folder, left) -> Files.delete(folder.resolve("epochs.dbk")));
        all.put("epochs-damaged", (folder, left) -> JournalFiles.flip(folder.resolve("epochs.dbk"), 24, 1));
        all.put("epochs-empty", (folder, left) -> JournalFiles.truncate(folder.resolve("epochs.dbk"), 0));
        all.put("state-missing", (folder, left) -> Files.delete(folder.resolve("state.dbk")));
        all.put("state-damaged", (folder, left) -> JournalFiles.flip(folder.resolve("state.dbk"), 70, 1));
        all.put("state-empty", (folder, left) -> JournalFiles.truncate(folder.resolve("state.dbk"), 0));
        all.put("state-too-long", (folder, left) -> JournalFiles.truncate(folder.resolve("state.dbk"), 5_000));
        all.put("durable-position-too-high", (folder, left) -> JournalFiles.flip(folder.resolve("state.dbk"), 20, 1));
        all.put("durable-position-zero", (folder, left) -> zero(folder.resolve("state.dbk"), 16, 8));
    }

    private void derived() {
        all.put("index-deleted", (folder, left) -> JournalFiles.delete(folder.resolve(JournalFiles.INDEX)));
        all.put("map-deleted", (folder, left) -> Files.delete(KnownJournal.map(folder)));
        all.put("map-truncated", (folder, left) -> JournalFiles.truncate(KnownJournal.map(folder), 5_000));
        all.put("map-empty", (folder, left) -> JournalFiles.truncate(KnownJournal.map(folder), 0));
        all.put("map-bit", (folder, left) -> flipInTheMiddle(KnownJournal.map(folder)));
        all.put("watermark-zero", (folder, left) -> zero(folder.resolve("index/watermark.dbk"), 0, BLOCK));
        all.put("watermark-missing", (folder, left) -> Files.delete(folder.resolve("index/watermark.dbk")));
        all.put("watermark-bit", (folder, left) -> {
            JournalFiles.flip(folder.resolve("index/watermark.dbk"), 560, 1);
            JournalFiles.flip(folder.resolve("index/watermark.dbk"), 1_072, 1);
        });
        all.put("positions-missing", (folder, left) -> Files.delete(folder.resolve("index/positions.dbk")));
        all.put("positions-truncated", (folder, left) -> JournalFiles.truncate(folder.resolve("index/positions.dbk"), 20));
        all.put("positions-bit", (folder, left) -> JournalFiles.flip(folder.resolve("index/positions.dbk"), 16, 1));
        all.put("heads-file-missing", (folder, left) -> Files.delete(folder.resolve("index/heads.dbk")));
        all.put("heads-file-damaged", (folder, left) -> JournalFiles.flip(folder.resolve("index/heads.dbk"), 40, 1));
        all.put("index-of-another-journal", (folder, left) -> {
            for (Path file : JournalFiles.files(folder.resolve(JournalFiles.INDEX))) {
                replaceByOthers(folder, "index/" + file.getFileName());
            }
        });
    }

    private void leftovers() {
        all.put("unfinished-roll", (folder, left) -> Files.write(folder.resolve("queue/" + next(last(folder))), new byte[0]));
        all.put("unfinished-roll-with-header", (folder, left) -> Files.write(folder.resolve("queue/" + next(last(folder))),
            new byte[] {0x10, 0, 0, (byte) 0xC0, 1, 2, 3, 4}));
        all.put("stale-tmp-files", (folder, left) -> {
            for (String name : List.of("journal.dbk.tmp", "epochs.dbk.tmp", "index/heads.dbk.tmp", "followers/mail.dbk.tmp")) {
                Files.write(folder.resolve(name), new byte[] {1, 2, 3});
            }
        });
        all.put("stale-owner-pid", (folder, left) -> Files.writeString(folder.resolve("owner.pid"), "1"));
        all.put("owner-lock-missing", (folder, left) -> Files.deleteIfExists(folder.resolve("owner.lock")));
        all.put("foreign-file", (folder, left) -> Files.writeString(folder.resolve("queue/notes.txt"), "not ours"));
    }

    private static void swap(Path one, Path other) throws IOException {
        Path aside = one.resolveSibling("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);
    }

    /** 19700101F becomes 19700102F and so on: the name of the cycle behind. */
    private static String next(Path cycle) {
        String name = cycle.getFileName().toString();
        return String.format("%08d%s", Integer.parseInt(name.substring(0, 8)) + 1, name.substring(8));
    }

    private static Path last(Path folder) {
        List<Path> cycles = JournalFiles.cycles(folder);
        return cycles.get(cycles.size() - 1);
    }

    private static JournalFiles.Document commit(Path folder, int number) throws IOException {
        List<JournalFiles.Document> commits = KnownJournal.commits(KnownJournal.cycle(folder));
        return commits.get(number < 0 ? commits.size() + number : number);
    }

    private static int firstCommit(Path folder) throws IOException {
        return (int) commit(folder, 0).offset() / BLOCK * BLOCK;
    }

    private void replaceByOthers(Path folder, String name) throws IOException {
        if (!Files.exists(other)) {
            try (EventStore store = EventStore.open(other, KnownJournal.settings())) {
                for (int i = 0; i < 11; i++) {
                    store.append("account-" + i % 2, Expected.any(), Events.event("Other", "other " + i));
                }
            }
        }
        Files.copy(other.resolve(name), folder.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void flipInTheMiddle(Path file) throws IOException {
        Long[] blocks = JournalFiles.blocks(file).keySet().toArray(Long[]::new);
        JournalFiles.flip(file, blocks[blocks.length / 2] + 8, 1);
    }

    private static void swap(Path file, JournalFiles.Document one, JournalFiles.Document two) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] first = new byte[4 + one.length()];
            byte[] second = new byte[4 + two.length()];
            access.seek(one.offset());
            access.readFully(first);
            access.seek(two.offset());
            access.readFully(second);
            access.seek(one.offset());
            access.write(second);
            access.write(first);
        }
    }

    static void write(Path file, long offset, byte[] bytes) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(bytes);
        }
    }

    static void zero(Path file, long offset, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(new byte[(int) Math.min(length, access.length() - offset)]);
        }
    }
}
