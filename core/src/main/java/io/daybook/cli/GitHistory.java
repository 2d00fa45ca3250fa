package io.daybook.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The history of a git repository along first parents, as {@code git log --raw} tells it. */
final class GitHistory implements History {

    /** At how many commits, apart from the newest, the tree is compared. */
    private static final int STOPS = 10;

    private final Git git;
    private final Path folder;
    private final String head;
    private final long total;
    private final GitOutput log;
    private final List<String> stops = new ArrayList<>();

    /** Header of the commit whose changes follow, and its number; null behind the last one. */
    private String header;
    private long number;
    private String first;
    private String newest;

    private GitHistory(Git git, Path folder, String head, long total, GitOutput log) {
        this.git = git;
        this.folder = folder;
        this.head = head;
        this.total = total;
        this.log = log;
    }

    static GitHistory open(Git git, Path folder) throws IOException {
        String head = git.head();
        GitHistory history = new GitHistory(git, folder, head, git.commits(head), git.log(head));
        history.begin(history.piece());
        history.first = history.label();
        return history;
    }

    @Override
    public String title() {
        return "the git repository " + folder.toAbsolutePath().normalize();
    }

    @Override
    public String fingerprint() {
        return Provenance.fingerprint("git " + first);
    }

    @Override
    public HistoryCommit next() throws IOException {
        while (header != null) {
            List<PathChange> changes = new ArrayList<>();
            String label = label();
            long timeNs = timeNs();
            long its = number;
            String piece = piece();
            for (; piece != null && piece.startsWith(":"); piece = piece()) changes.add(change(piece, label));
            begin(piece);
            if (changes.isEmpty()) continue;
            note(label, its);
            return new HistoryCommit(its, label, timeNs, changes);
        }
        return null;
    }

    @Override
    public KnownTrees trees() {
        if (!stops.isEmpty() && stops.get(stops.size() - 1).equals(newest)) stops.remove(stops.size() - 1);
        // Commits behind the newest one that changed something leave the tree as it is, so that of the head must be its tree.
        return new GitTrees(git, stops, newest, head);
    }

    @Override
    public long done() {
        return number;
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public Bar.Unit unit() {
        return Bar.Unit.COMMITS;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    /** Evenly spread: at the first commit at or behind each eleventh of the way that changed something. */
    private void note(String label, long its) {
        newest = label;
        if (stops.size() < STOPS && its * (STOPS + 1) >= total * (stops.size() + 1)) stops.add(label);
    }

    private void begin(String piece) {
        if (piece != null && !piece.startsWith("commit ")) throw new Failure("The output of git is not understood: piece=" + piece);
        header = piece;
        if (piece != null) number++;
    }

    private String label() {
        return header == null ? "" : header.split(" ")[1];
    }

    /** Clocks of committers can be anything; what the journal cannot take is brought to the nearest that it can. */
    private long timeNs() {
        long seconds = Long.parseLong(header.split(" ")[2]);
        return Math.max(0, Math.min(seconds, Long.MAX_VALUE / Times.NS_PER_SECOND - 1)) * Times.NS_PER_SECOND;
    }

    /** Git puts a line break, or an empty piece, between the header and the changes. */
    private String piece() throws IOException {
        for (byte[] piece = log.next(); piece != null; piece = log.next()) {
            String text = new String(piece, StandardCharsets.ISO_8859_1).strip();
            if (!text.isEmpty()) return text;
        }
        return null;
    }

    /** {@code :oldMode mode oldBlob blob status}, and the path as the piece behind it. */
    private PathChange change(String piece, String commit) throws IOException {
        String[] fields = piece.substring(1).split(" ");
        byte[] path = log.next();
        String type = fields.length == 5 ? PathChange.typeOf(fields[4]) : null;
        if (type == null || path == null) throw new Failure("The output of git is not understood: commit=" + commit + " piece=" + piece);
        PathState old = PathState.of(fields[0], fields[2]);
        return new PathChange(PathName.of(path), type, old, PathState.of(fields[1], fields[3]), PathChange.UNKNOWN);
    }
}
