package io.daybook.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a user runs it. */
class BenchmarksJarIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIELDS = List.of("workload", "contender", "durability", "entities", "keys", "payload", "unit",
            "value", "ratioToRaw", "goal", "met");

    @TempDir
    Path folder;

    private record Run(int exit, List<String> out, String err) {
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Ddaybook.bench.folder=" + folder, "-jar", System.getProperty("daybook.benchmarks")));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
        List<String> out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        return new Run(process.waitFor(), out, Files.readString(err));
    }

    @Test
    void aWorkloadIsMeasuredOnceAndItsFiguresArePrintedAsJson() throws Exception {
        Path results = folder.resolve("results");
        String[] arguments = {"run", "W4", "--contenders", "daybook", "--rounds", "1", "--json", "--leave-memory", "--out",
            results.toString()};
        Run first = run(arguments);
        assertEquals(0, first.exit(), first.err());
        assertEquals(1, first.out().size(), first.out().toString());
        JsonNode line = JSON.readTree(first.out().get(0));
        FIELDS.forEach(field -> assertTrue(line.has(field), field));
        assertEquals("W4", line.get("workload").asText());
        assertTrue(line.get("value").asDouble() > 0);
        List<String> measured = Files.readAllLines(results.resolve("results.ndjson"));
        assertEquals(1, measured.size());
        assertEquals(first.out(), run(arguments).out());
        assertEquals(measured, Files.readAllLines(results.resolve("results.ndjson")));
        assertTrue(JSON.readTree(results.resolve("environment.json").toFile()).has("cpu"));
    }

    @Test
    void misuseIsToldInALine() throws Exception {
        for (String[] arguments : new String[][] {{"run", "W99"}, {"run", "W1", "--contenders", "nobody"}, {"run"}, {"nothing"},
            {"run", "W1", "--class", "D9"}, {}}) {
            Run run = run(arguments);
            assertEquals(2, run.exit(), run.err());
            assertTrue(!run.err().isEmpty() && !run.err().contains("\tat "), run.err());
        }
    }
}
