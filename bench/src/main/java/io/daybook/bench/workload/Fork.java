package io.daybook.bench.workload;

import io.daybook.bench.ForkFlags;
import io.daybook.bench.Main;
import io.daybook.bench.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/** Measures a case in a JVM of its own, so that what was compiled, collected or cached for one contender does not count for another. */
public final class Fork {

    /** The name by which the program knows what a child does. */
    public static final String PROGRAM = "measure";

    private static final String OWN_PROPERTIES = "daybook.bench.";
    private static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g");

    private Fork() {
    }

    /**
     * Measures a case.
     *
     * @throws IllegalStateException if the child fails; the message ends with what it said last
     */
    public static Outcome measure(Case measured, Path histograms) throws IOException, InterruptedException {
        Process child = start(PROGRAM, Cases.toJson(measured), histograms.toString());
        String last = "";
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
            if (child.waitFor() != 0) {
                throw new IllegalStateException("A measurement failed: case=" + measured.key() + " exit=" + child.exitValue()
                        + " said=" + last);
            }
            return Cases.parseOutcome(last);
        } finally {
            child.destroyForcibly();
        }
    }

    /** What each child is told beside what its case is. */
    public static List<String> flags() {
        List<String> flags = new ArrayList<>(ForkFlags.list());
        flags.addAll(HEAP);
        return flags;
    }

    /** The properties by which the user says where the machine has something; a JVM does not hand them on. */
    public static List<String> ownProperties() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(OWN_PROPERTIES) && !name.equals(Scratch.PROPERTY))
                .map(name -> "-D" + name + "=" + System.getProperty(name)).sorted().toList();
    }

    /** Starts a JVM with these arguments; what it says of errors goes where this JVM's errors go. */
    static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(ownProperties());
        command.addAll(List.of("-D" + Scratch.PROPERTY + "=" + Scratch.base()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
