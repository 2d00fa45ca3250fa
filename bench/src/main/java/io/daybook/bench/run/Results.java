package io.daybook.bench.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder with results: {@code environment.json}, {@code results.ndjson} with a line for each measurement, {@code goals.json}, and {@code
 * histograms/} with a folder for each round. A run that was stopped goes on from what is there. One thread.
 */
public final class Results {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;
    private final List<Measured> all = new ArrayList<>();

    private Results(Path folder) {
        this.folder = folder;
    }

    /** Those in this folder; it is made if it is missing. */
    public static Results in(Path folder) throws IOException {
        Results results = new Results(folder);
        Files.createDirectories(folder);
        if (Files.exists(results.file())) {
            for (String line : Files.readAllLines(results.file())) {
                results.all.add(Measured.parse(line));
            }
        }
        return results;
    }

    private Path file() {
        return folder.resolve("results.ndjson");
    }

    /** Where the latencies of a round go, as seen from the folder. */
    static String histograms(int round) {
        return "histograms/round-" + round;
    }

    /** The folder. */
    Path folder() {
        return folder;
    }

    /** Everything that was measured so far, in order. */
    public List<Measured> all() {
        return List.copyOf(all);
    }

    /** True if this is there. */
    boolean has(String key, int round) {
        return all.stream().anyMatch(each -> each.round() == round && each.about().key().equals(key));
    }

    /** Adds one, in the file too. */
    void add(Measured measured) throws IOException {
        all.add(measured);
        Files.writeString(file(), measured.toLine() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes down on what is measured. */
    public void describe(Environment environment) throws IOException {
        JSON.writeValue(folder.resolve("environment.json").toFile(), environment.record());
    }

    /** Writes down the goals among these, and whether they are met. */
    public void judge(List<Verdict> verdicts) throws IOException {
        JSON.writeValue(folder.resolve("goals.json").toFile(), verdicts.stream().filter(each -> each.goal() != null).toList());
    }
}
