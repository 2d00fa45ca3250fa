package io.daybook.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a results folder holds.
 *
 * @param environment what is known of the machine and the run, by name
 */
record Results(Path folder, Map<String, String> environment, List<Goal> goals, List<Run> runs) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<String> BY_NUMBER = Comparator.comparingInt(Results::number).thenComparing(Comparator.naturalOrder());

    /**
     * Reads a folder. Goals and environment may be missing, runs may not.
     *
     * @throws IOException if there are no runs, or a file is not what it should be; the message names file and line
     */
    static Results read(Path folder) throws IOException {
        Path file = folder.resolve("results.ndjson");
        if (!Files.isRegularFile(file)) {
            throw new IOException("There are no results in this folder: missing=" + file);
        }
        List<Run> runs = runs(file);
        if (runs.isEmpty()) {
            throw new IOException("There is no run in the results: file=" + file);
        }
        return new Results(folder, environment(folder.resolve("environment.json")), goals(folder.resolve("goals.json")), runs);
    }

    private static List<Run> runs(Path file) throws IOException {
        List<Run> runs = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                try {
                    runs.add(JSON.readValue(lines.get(i), Run.class));
                } catch (JsonProcessingException e) {
                    throw new IOException("A line is not a run: file=" + file + " line=" + (i + 1) + " cause=" + e.getOriginalMessage(), e);
                }
            }
        }
        return runs;
    }

    private static List<Goal> goals(Path file) throws IOException {
        return Files.exists(file) ? parsed(file, new TypeReference<List<Goal>>() { }) : List.of();
    }

    private static Map<String, String> environment(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        if (Files.exists(file)) {
            parsed(file, new TypeReference<LinkedHashMap<String, JsonNode>>() { })
                    .forEach((name, node) -> values.put(name, node.isValueNode() ? node.asText() : node.toString()));
        }
        return values;
    }

    private static <T> T parsed(Path file, TypeReference<T> type) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), type);
        } catch (JsonProcessingException e) {
            throw new IOException("A file of the results is broken: file=" + file + " cause=" + e.getOriginalMessage(), e);
        }
    }

    /** The workloads that were run: W1, W2 … W10. */
    List<String> workloads() {
        return runs.stream().map(Run::workload).distinct().sorted(BY_NUMBER).toList();
    }

    /** The runs of one workload by variant, in the order in which they were written. */
    Map<String, List<Run>> variants(String workload) {
        return runs.stream().filter(run -> run.workload().equals(workload))
                .collect(Collectors.groupingBy(Run::variant, LinkedHashMap::new, Collectors.toList()));
    }

    private static int number(String workload) {
        String digits = workload.replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
}
