package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 3 on the command line: a conflict names line, entity, expected and actual, and nothing of its commit is written. */
class ImportConflictTest {

    @TempDir
    private Path folder;
    private Path journal;
    private Path rows;

    @BeforeEach
    void theEntityBHasAnEvent() throws IOException {
        journal = folder.resolve("journal");
        Shell.run("append", "--journal", journal, "--entity", "b", "--type", "T", "{}").expect(0);
        rows = Files.writeString(folder.resolve("rows.csv"), "who,tx,n\na,1,0\nc,2,0\nb,2,0\nc,2,1\na,3,1\nb,4,1\n");
    }

    private Shell.Outcome run(Object... more) {
        Object[] args = {"import", "--journal", journal, "--json", "--entity", "who", "--commit", "tx", "--expected-count", "n", rows};
        Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Shell.run(all);
    }

    private List<String> imported() {
        return Shell.events(journal).stream().map(e -> e.path("entity").asText() + "@" + e.path("version")).toList();
    }

    @Test
    void stopIsTheDefault() {
        Shell.Outcome outcome = run().expect(1);
        assertEquals("The row conflicts with the journal, nothing of its commit was written: line=4 entity=b expected=absent actual=0",
            outcome.said());
        assertFalse(outcome.object().path("complete").asBoolean());
        assertEquals(List.of("b@0", "a@0"), imported());
    }

    @Test
    void skipPassesOverTheCommitAndCountsIt() {
        JsonNode result = run("--on-conflict", "skip").expect(0).object();
        assertTrue(result.path("complete").asBoolean());
        assertEquals(1, result.path("conflicts").asInt());
        assertEquals(3, result.path("conflictRows").asInt());
        assertEquals(3, result.path("commits").asInt());
        assertEquals(List.of("b@0", "a@0", "a@1", "b@1"), imported());
        assertEquals(6, run("--on-conflict", "skip").expect(0).object().path("alreadyThere").asInt());
        assertEquals(4, imported().size());
    }

    @Test
    void anImportThatStoppedGoesOnWithSkip() {
        run().expect(1);
        JsonNode result = run("--on-conflict", "skip").expect(0).object();
        assertEquals(1, result.path("alreadyThere").asInt());
        assertEquals(1, result.path("conflicts").asInt());
        assertEquals(List.of("b@0", "a@0", "a@1", "b@1"), imported());
    }

    @Test
    void theCountsOfAnEntityWithinACommitCountOn() throws IOException {
        rows = Files.writeString(folder.resolve("more.csv"), "who,tx,n\nx,1,0\ny,1,0\nx,1,1\nx,1,2\nx,2,3\n");
        run().expect(0);
        assertEquals(List.of("b@0", "x@0", "y@0", "x@1", "x@2", "x@3"), imported());
    }
}
