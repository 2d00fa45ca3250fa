package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 4 on the command line: an import is simply run again, and nothing is doubled. */
class ImportAgainTest {

    @TempDir
    private Path folder;
    private Path journal;

    @BeforeEach
    void name() {
        journal = folder.resolve("journal");
    }

    private static String rows(int from, int to) {
        StringBuilder rows = new StringBuilder();
        for (int n = from; n <= to; n++) rows.append("e").append(n % 3).append(',').append(n / 2).append(',').append(n).append('\n');
        return rows.toString();
    }

    private Shell.Outcome run(String content, Object... more) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), "who,tx,n\n" + content);
        Object[] args = {"import", "--journal", journal, "--json", "--entity", "who", "--commit", "tx", file};
        Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Shell.run(all);
    }

    private List<Integer> imported() {
        return Shell.events(journal).stream().map(e -> e.path("payload").path("n").asInt()).toList();
    }

    private static List<Integer> numbers(int from, int to) {
        List<Integer> numbers = new ArrayList<>();
        for (int n = from; n <= to; n++) numbers.add(n);
        return numbers;
    }

    @Test
    void aSecondImportAppendsNothing() throws IOException {
        run(rows(0, 99)).expect(0);
        JsonNode again = run(rows(0, 99)).expect(0).object();
        assertEquals(100, again.path("rows").asInt());
        assertEquals(100, again.path("alreadyThere").asInt());
        assertEquals(0, again.path("commits").asInt());
        assertEquals(numbers(0, 99), imported());
    }

    @Test
    void anImportThatWasCutOffGoesOn() throws IOException {
        for (int end = 0; end < 20; end++) run(rows(0, end) + "broken\n").expect(1);
        run(rows(0, 20)).expect(0);
        assertEquals(numbers(0, 20), imported());
    }

    @Test
    void anInputThatHasGrownGoesOn() throws IOException {
        run(rows(0, 9)).expect(0);
        assertEquals(10, run(rows(0, 19)).expect(0).object().path("alreadyThere").asInt());
        assertEquals(numbers(0, 19), imported());
    }

    @Test
    void anInputThatWasCutIsThereAlready() throws IOException {
        run(rows(0, 19)).expect(0);
        assertEquals(7, run(rows(0, 6)).expect(0).object().path("alreadyThere").asInt());
        assertEquals(numbers(0, 19), imported());
    }

    @Test
    void aFileAndStdinAreTheSameInput() throws IOException {
        run(rows(0, 9)).expect(0);
        byte[] stdin = ("who,tx,n\n" + rows(0, 19)).getBytes(StandardCharsets.UTF_8);
        Shell.runWith(stdin, "import", "--journal", journal, "--entity", "who", "--commit", "tx", "-").expect(0);
        assertEquals(numbers(0, 19), imported());
    }

    @Test
    void anInputThatOnlyBeginsLikeAnotherIsRefusedUnlessItIsNamed() throws IOException {
        run(rows(0, 9)).expect(0);
        String other = rows(0, 4) + rows(50, 59);
        Shell.Outcome refused = run(other).expect(1);
        assertTrue(refused.said().contains("--source") && refused.said().contains("row=10"), refused.said());
        assertTrue(run(rows(0, 4) + rows(50, 50)).expect(1).said().contains("row=6"));
        assertEquals(numbers(0, 9), imported());

        assertEquals(15, run(other, "--source", "another").expect(0).object().path("events").asInt());
        assertEquals(0, run(other, "--source", "another").expect(0).object().path("events").asInt());
        assertEquals(0, run(rows(0, 9)).expect(0).object().path("events").asInt());
        assertEquals(25, imported().size());
    }

    @Test
    void otherInputsBetweenDoNotMatter() throws IOException {
        run(rows(0, 5) + "broken\n").expect(1);
        run(rows(100, 120)).expect(0);
        run(rows(0, 9)).expect(0);
        run(rows(100, 120)).expect(0);
        assertEquals(31, imported().size());
        assertEquals(numbers(6, 9), imported().subList(27, 31));
    }

    @Test
    void otherColumnsAreAnotherImport() throws IOException {
        run(rows(0, 9)).expect(0);
        run(rows(0, 9), "--type", "who").expect(0);
        assertEquals(20, imported().size());
    }

    @Test
    void idsOfTheInputAreRecognisedWhateverTheColumns() throws IOException {
        run(rows(0, 9), "--id", "n").expect(0);
        JsonNode again = run(rows(0, 9), "--id", "n", "--source", "again").expect(1).object();
        assertEquals(0, again.path("events").asInt());
        assertEquals(numbers(0, 9), imported());
    }

    @Test
    void expectedCountsChangeNothing() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int n = 0; n < 30; n++) rows.append("e").append(n % 3).append(',').append(n).append(',').append(n / 3).append('\n');
        run(rows.substring(0, rows.indexOf("e1,7")) + "broken\n", "--expected-count", "n").expect(1);
        JsonNode result = run(rows.toString(), "--expected-count", "n").expect(0).object();
        // The commit in front of the broken row might have gone on in that row, so it was not written.
        assertEquals(6, result.path("alreadyThere").asInt());
        run(rows.toString(), "--expected-count", "n").expect(0);
        run(rows.toString()).expect(0);
        assertEquals(30, imported().size());
    }

    @Test
    void expectedCountsMayComeLater() throws IOException {
        run("e0,0,0\ne1,1,0\n").expect(0);
        run("e0,0,0\ne1,1,0\ne0,2,1\n", "--expected-count", "n").expect(0);
        assertEquals(3, imported().size());
    }
}
