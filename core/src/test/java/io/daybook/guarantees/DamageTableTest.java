package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.guarantees.KnownJournal.Left;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 8, as RELIABILITY.md tells it: each row of its table of damage is done to a journal, which is opened, read, written to and
 * opened again; what open does and says is what the row says.
 */
@Tag("recovery")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamageTableTest extends DamagedFolderTest {

    private static final Path RELIABILITY = Path.of("RELIABILITY.md");
    private static final String FIRST_COLUMN = "| damage | left |";
    private static final int SEVERAL_FILES = 250_000;
    private static final Set<String> SEVERAL = Set.of("cycle-missing-middle", "cycle-missing-last", "files-swapped",
        "write-position-bit-and-metadata-missing");

    /** One row: the damage, how the journal was left, what open does, what it says. */
    private record Row(String damage, String left, String open, String says) {

        String differsFrom(String outcome, String said) {
            String opens = outcome.equals("REFUSED") ? "refuses" : "opens";
            List<String> wanted = new ArrayList<>(Arrays.asList(says.replace("`", "").split(" +")));
            wanted.removeIf(String::isEmpty);
            wanted.removeIf(word -> (" " + said + " ").contains(" " + word + " ") || opens.equals("refuses") && said.contains(word));
            return wanted.isEmpty() && open.equals(opens) ? null : this + "\n    was: " + opens + " " + said;
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("DamageTableTest");
    }

    @Test
    void everyDamageHasTheOutcomeThatTheTableSays() throws Exception {
        List<Row> rows = rows();
        Damages damages = new Damages(damaged.resolve("other"));
        assertEquals(damages.all().keySet(), rows.stream().map(Row::damage).collect(Collectors.toCollection(TreeSet::new)),
            "a row has no damage, or a damage no row");
        rows = resolved(rows);
        KnownJournal one = KnownJournal.make(damaged.resolve("one"), 30);
        KnownJournal several = KnownJournal.make(damaged.resolve("several"), SEVERAL_FILES);
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            KnownJournal journal = SEVERAL.contains(row.damage) ? several : one;
            Left how = Left.valueOf(row.left.toUpperCase(java.util.Locale.ROOT));
            journal.putBack(how, folder);
            damages.all().get(row.damage).to(folder, how);
            try {
                Trial trial = new Trial(journal, how, folder, row.damage + " " + row.left);
                String differs = row.differsFrom(trial.run().name(), trial.said());
                if (differs != null) {
                    wrong.add(differs);
                }
            } catch (AssertionError e) {
                wrong.add(row + "\n    failed: " + e.getMessage() + " " + e.getCause());
            }
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " rows are wrong:\n" + String.join("\n", wrong));
    }

    /** One row for each way to be left, and in the place of "as another" what the other says. */
    private static List<Row> resolved(List<Row> rows) {
        List<Row> plain = new ArrayList<>();
        for (Row row : rows) {
            for (String left : row.left.split(", ")) {
                Row model = row.open.startsWith("as ") ? rows.stream().filter(r -> r.damage.equals(row.open.substring(3))
                    && List.of(r.left.split(", ")).contains(left)).findFirst().orElseThrow() : row;
                plain.add(new Row(row.damage, left, model.open, model.says));
            }
        }
        return plain;
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(RELIABILITY)) {
            inside = line.startsWith(FIRST_COLUMN) || inside && line.startsWith("|");
            if (inside && !line.startsWith(FIRST_COLUMN) && !line.startsWith("|---")) {
                String[] cells = line.substring(1).split("\\|", -1);
                rows.add(new Row(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip()));
            }
        }
        return rows;
    }
}
