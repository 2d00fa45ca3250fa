package io.daybook.recovery;

import io.daybook.JournalDamagedException;
import io.daybook.JournalInUseException;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitView;
import io.daybook.index.IndexCheck;
import io.daybook.index.IndexSettings;
import io.daybook.journal.BootId;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Reads a whole journal and checks everything in it: sums, dense positions and versions, every pointer; and the index on disk, when nobody
 * owns the journal. Works beside a live owner, up to what is visible. Internal: not part of the API.
 */
public final class Verifier {

    private static final int MOST_PROBLEMS = 1000;

    /**
     * One thing that is wrong.
     *
     * @param file   in this file
     * @param offset at this byte
     * @param what   what is wrong
     */
    public record Problem(String file, long offset, String what) {
    }

    /**
     * The outcome.
     *
     * @param events       events that were read
     * @param commits      commits that were read
     * @param entities     entities that they belong to
     * @param cycleFiles   files that were read
     * @param bytes        bytes that were read
     * @param indexChecked the index was compared too: nobody owned the journal, it is whole, and there was a cleanly closed index
     * @param problems     what is wrong, at most 1,000
     */
    public record Report(long events, long commits, long entities, int cycleFiles, long bytes, boolean indexChecked,
            List<Problem> problems) {
    }

    private final JournalFolder folder;
    private final JournalFile fixed;
    private final IndexSettings indexSettings;
    private final LongConsumer progress;
    private final Windows windows;
    private final List<Problem> problems = new ArrayList<>();
    private final EntityFold fold;
    private List<EpochFile.Epoch> epochs = List.of();
    private long position;
    private long timeNs = Long.MIN_VALUE;
    private long commits;
    private long bytes;

    private Verifier(JournalFolder folder, JournalFile fixed, LongConsumer progress) {
        this.folder = folder;
        this.fixed = fixed;
        this.progress = progress;
        windows = new Windows(folder);
        StoreSettings settings = StoreSettings.create();
        indexSettings = new IndexSettings(folder.index(), fixed.identity(), BootId.current(),
                IndexSettings.hash(fixed.hashKeyHigh(), fixed.hashKeyLow()), 0, settings.indexCapacity(), settings.flushEvents(),
                settings.headsFileEvents(), settings.threadFactory());
        fold = new EntityFold(indexSettings.hash());
    }

    /** Verifies the journal in this folder; {@code progress} gets the bytes read so far, now and then. */
    public static Report verify(Path root, LongConsumer progress) throws IOException {
        JvmFlags.requireAll();
        JournalFolder folder = new JournalFolder(root);
        return new Verifier(folder, JournalFile.read(folder, StoreSettings.create()), progress).run();
    }

    private Report run() throws IOException {
        readEpochs();
        int[] cycles = folder.cycles();
        for (int cycle : cycles) {
            verifyCycle(cycle, cycle == cycles[cycles.length - 1]);
        }
        boolean indexChecked = verifyEndAndIndex();
        return new Report(fold.events(), commits, fold.entities(), cycles.length, bytes, indexChecked, problems);
    }

    private void readEpochs() throws IOException {
        try {
            epochs = EpochFile.read(folder);
        } catch (JournalDamagedException e) {
            problems.add(new Problem(e.file(), e.offset(), e.getMessage()));
        }
    }

    /** The epoch that the list says for a position; -1 if it says nothing. */
    private int epochAt(long wanted) {
        int number = -1;
        for (EpochFile.Epoch epoch : epochs) {
            number = epoch.startPosition() <= wanted ? epoch.number() : number;
        }
        return number;
    }

    private void verifyCycle(int cycle, boolean last) {
        DocumentScanner scanner = new DocumentScanner(windows, cycle).moveTo(Address.of(cycle, 0));
        DocumentScanner.Step step = scanner.next();
        while (step == DocumentScanner.Step.DOCUMENT) {
            verifyCommit(scanner);
            step = scanner.next();
        }
        long end = Address.offset(scanner.nextAddress());
        bytes += end;
        progress.accept(bytes);
        if (step == DocumentScanner.Step.BROKEN || !last && step != DocumentScanner.Step.CLOSED) {
            problem(scanner.nextAddress(), "The file has no commit and no end mark here: found=" + step);
        }
    }

    private void verifyCommit(DocumentScanner scanner) {
        long address = scanner.documentAddress();
        CommitView commit = scanner.commit();
        if (!commit.isWhole()) {
            problem(address, "The commit's bytes are not the ones that were written: expectedPosition=" + position);
            return;
        }
        if (commit.position() != position) {
            problem(address, "Positions are not dense: expected=" + position + " found=" + commit.position());
        }
        if (commit.timeNs() < timeNs) {
            problem(address, "The time goes back: from=" + timeNs + " to=" + commit.timeNs());
        }
        if (!epochs.isEmpty() && commit.epoch() != epochAt(commit.position())) {
            problem(address, "The commit is of another epoch: expected=" + epochAt(commit.position()) + " found=" + commit.epoch());
        }
        for (String wrong : fold.apply(commit, address + Integer.BYTES)) {
            problem(address, wrong);
        }
        position = commit.position() + commit.events();
        timeNs = commit.timeNs();
        if ((++commits & 0xFFFF) == 0) {
            progress.accept(bytes + Address.offset(address));
        }
    }

    private boolean verifyEndAndIndex() throws IOException {
        Ownership ownership;
        try {
            ownership = Ownership.take(folder);
        } catch (JournalInUseException e) {
            return false;
        }
        try {
            StateFile.Record record = StateFile.peek(folder.stateFile());
            if (record == null && Files.exists(folder.stateFile())) {
                problems.add(new Problem(folder.stateFile().toString(), 0, "The record of how the journal was left is damaged"));
            } else if (record != null && record.closed() && record.endPosition() != position) {
                problem(record.endAddress(), "The journal was closed at another position: closedAt=" + record.endPosition() + " found="
                        + position);
            }
            boolean comparable = problems.isEmpty(); // what the index should hold is known of a whole journal only
            return comparable && IndexCheck.verify(indexSettings, position, fold.entities(), fold::isHead,
                    (file, what) -> problems.add(new Problem(file.toString(), 0, what)));
        } finally {
            ownership.close();
        }
    }

    private void problem(long address, String what) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(windows.fileName(Address.cycle(address)), Address.offset(address), what));
        }
    }
}
