package io.daybook.bench.run;

import io.daybook.bench.Machine;
import io.daybook.bench.workload.Fork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** On what was measured, and how much of the processors others had meanwhile. One thread. */
public final class Environment {

    private static final Path CPU_TIMES = Paths.get("/proc/stat");
    private static final int STEAL = 7;
    private static final int COUNTED = 8;

    private final Map<String, Object> record = new LinkedHashMap<>();
    private final long[] startTimes;

    /**
     * Looks at the machine.
     *
     * @param command        what repeats the run
     * @param measuredBefore how many measurements were there already; times and steal are not theirs
     */
    public Environment(Path folder, String command, String pageFrames, int measuredBefore) throws IOException {
        record.put("command", command);
        record.put("measuredBefore", measuredBefore);
        record.put("startedAt", Instant.now().toString());
        record.putAll(Machine.facts(folder));
        record.remove("heapMiB"); // of this JVM, which measures nothing
        record.put("jvmFlags", String.join(" ", Fork.flags()));
        record.put("pageFrames", pageFrames);
        record.put("commit", commit());
        startTimes = cpuTimes();
    }

    /** The facts so far. */
    Map<String, Object> record() throws IOException {
        long[] now = cpuTimes();
        if (now.length >= COUNTED) {
            long all = 0;
            for (int i = 0; i < COUNTED; i++) {
                all += now[i] - startTimes[i];
            }
            record.put("stealPercent", all == 0 ? 0.0 : 100.0 * (now[STEAL] - startTimes[STEAL]) / all);
        }
        record.put("endedAt", Instant.now().toString());
        return record;
    }

    private static long[] cpuTimes() throws IOException {
        if (!Files.exists(CPU_TIMES)) {
            return new long[0];
        }
        List<String> lines = Files.readAllLines(CPU_TIMES);
        String[] fields = lines.get(0).trim().split("\\s+");
        long[] times = new long[fields.length - 1];
        for (int i = 0; i < times.length; i++) {
            times[i] = Long.parseLong(fields[i + 1]);
        }
        return times;
    }

    /** The commit of the clone that the program was started in, if it was one. */
    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try (BufferedReader out = new BufferedReader(new InputStreamReader(git.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine();
                return line == null ? "unknown" : line;
            }
        } catch (IOException e) {
            return "unknown";
        }
    }
}
