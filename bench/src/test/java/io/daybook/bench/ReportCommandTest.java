package io.daybook.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportCommandTest {

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new CommandLine(new ReportCommand()).setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void writesThePageIntoTheFolderOrWhereItIsWanted() throws Exception {
        Files.writeString(folder.resolve("results.ndjson"),
                "{\"workload\":\"W1\",\"contender\":\"daybook\",\"unit\":\"ms\",\"value\":2}\n");
        assertEquals(0, run(folder.toString()), err.toString());
        assertTrue(Files.size(folder.resolve("index.html")) > 0);
        Path other = folder.resolve("pages").resolve("one.html");
        assertEquals(0, run(folder.toString(), "--out", other.toString()), err.toString());
        assertEquals(Files.readString(folder.resolve("index.html")), Files.readString(other));
    }

    @Test
    void aFolderWithoutResultsIsRefusedInOneLine() {
        assertEquals(1, run(folder.toString()));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("There are no results in this folder"), err.toString());
    }
}
