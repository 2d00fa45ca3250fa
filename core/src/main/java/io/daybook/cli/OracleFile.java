package io.daybook.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Trees in a TSV file, one path a row; consecutive rows with the same commit number are one tree. */
final class OracleFile implements KnownTrees {

    private static final List<String> COLUMNS = List.of("commit_no", "entity_path", "mode", "blob");
    private static final int COMMIT = 0;
    private static final int PATH = 1;
    private static final int MODE = 2;
    private static final int BLOB = 3;

    private final DelimitedReader rows;
    private final int[] columns;
    private List<String> row;

    private OracleFile(DelimitedReader rows, int[] columns) {
        this.rows = rows;
        this.columns = columns;
    }

    static OracleFile open(Path file) throws IOException {
        InputFile input = InputFile.open(file.toString(), InputStream.nullInputStream());
        try {
            DelimitedReader rows = DelimitedReader.open(input.content(), Format.TSV);
            OracleFile oracle = new OracleFile(rows, EventsFile.columns(rows, COLUMNS, file));
            oracle.row = rows.next();
            return oracle;
        } catch (RuntimeException e) {
            input.close();
            throw e;
        }
    }

    @Override
    public String label() {
        return row == null ? null : field(COMMIT);
    }

    @Override
    public void forEach(BiConsumer<String, PathState> path) {
        String label = label();
        for (; label.equals(label()); row = rows.next()) {
            path.accept(PathName.of(field(PATH).getBytes(StandardCharsets.UTF_8)).entity(), PathState.of(field(MODE), field(BLOB)));
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private String field(int column) {
        return row.get(columns[column]);
    }
}
