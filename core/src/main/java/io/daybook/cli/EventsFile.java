package io.daybook.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.ToLongFunction;

/** A history in a TSV file, one change a row; consecutive rows with the same commit number are one commit. */
final class EventsFile implements History {

    /** The columns that are read, in the order of the constants below. */
    private static final List<String> COLUMNS = List.of("commit_no", "epoch_s", "entity_path", "expected_version", "status",
        "old_mode", "old_blob", "new_mode", "new_blob");
    private static final int COMMIT = 0;
    private static final int TIME = 1;
    private static final int PATH = 2;
    private static final int COUNT = 3;
    private static final int STATUS = 4;
    private static final int OLD_MODE = 5;
    private static final int OLD_BLOB = 6;
    private static final int NEW_MODE = 7;
    private static final int NEW_BLOB = 8;

    private final Path file;
    private final Path oracle;
    private final InputFile input;
    private final DelimitedReader rows;
    private String fingerprint;
    private int[] columns;
    private List<String> row;
    private long number;

    private EventsFile(Path file, Path oracle, InputFile input, DelimitedReader rows) {
        this.file = file;
        this.oracle = oracle;
        this.input = input;
        this.rows = rows;
    }

    static EventsFile open(Path file, Path oracle) throws IOException {
        InputFile input = InputFile.open(file.toString(), InputStream.nullInputStream());
        try {
            EventsFile events = new EventsFile(file, oracle, input, DelimitedReader.open(input.content(), Format.TSV));
            events.fingerprint = sum(file);
            events.columns = columns(events.rows, COLUMNS, file);
            events.row = events.rows.next();
            return events;
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    /** Numbers of these columns, all of which must be there. */
    static int[] columns(DelimitedReader rows, List<String> names, Path file) {
        try {
            return names.stream().mapToInt(rows::column).toArray();
        } catch (NoSuchElementException e) {
            throw new Failure(e.getMessage() + " file=" + file);
        }
    }

    @Override
    public String title() {
        return "the events of " + file;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public HistoryCommit next() {
        if (row == null) return null;
        String label = field(COMMIT);
        long timeNs = 0;
        List<PathChange> changes = new ArrayList<>();
        for (; row != null && field(COMMIT).equals(label); row = rows.next()) {
            timeNs = number(TIME, Times::parseNs);
            changes.add(change());
        }
        return new HistoryCommit(++number, label, timeNs, changes);
    }

    @Override
    public KnownTrees trees() throws IOException {
        return OracleFile.open(oracle);
    }

    @Override
    public long done() {
        return input.bytesRead();
    }

    @Override
    public long total() {
        return input.size();
    }

    @Override
    public Bar.Unit unit() {
        return Bar.Unit.KIB;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private PathChange change() {
        String type = PathChange.typeOf(field(STATUS));
        if (type == null) throw malformed(STATUS, "not one of A, M, D, T");
        PathName name = PathName.of(field(PATH).getBytes(StandardCharsets.UTF_8));
        if (name.path().isEmpty()) throw malformed(PATH, "it is empty");
        long before = number(COUNT, Long::parseLong);
        if (before < 0) throw malformed(COUNT, "negative");
        PathState old = PathState.of(field(OLD_MODE), field(OLD_BLOB));
        return new PathChange(name, type, old, PathState.of(field(NEW_MODE), field(NEW_BLOB)), before);
    }

    private long number(int column, ToLongFunction<String> parser) {
        try {
            return parser.applyAsLong(field(column));
        } catch (IllegalArgumentException e) {
            throw malformed(column, "not a number");
        }
    }

    private String field(int column) {
        return row.get(columns[column]);
    }

    private MalformedRowException malformed(int column, String problem) {
        return MalformedRowException.ofValue(rows.line(), COLUMNS.get(column), field(column), problem);
    }

    private static String sum(Path file) throws IOException {
        MessageDigest sha256 = Provenance.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Provenance.fingerprint(sha256.digest());
    }
}
