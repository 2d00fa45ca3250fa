package io.daybook.bench.contender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.daybook.bench.OldestJdk;
import io.daybook.bench.workload.Fork;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A contender keeps what its durability class promises: it is timed in no other. */
class DurabilityClassTest {

    private static final int UNFORCED_EVENTS = 400;
    private static final int FORCED_EVENTS = 100;
    // Some in the background.
    private static final int MOST_FORCES_UNFORCED = UNFORCED_EVENTS / 8;
    private static final int PATIENCE_S = 30;

    // An msync that only begins the writing forces nothing.
    private static final Pattern FORCE = Pattern.compile("\\b(fsync|fdatasync)\\(|\\bmsync\\(.*MS_SYNC");

    // Stops at these calls only, else a traced JVM takes several times as long to start.
    private static final List<String> STRACE =
            List.of("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=fsync,fdatasync,msync", "-o");

    private static boolean traces;

    @TempDir
    Path folder;

    @BeforeAll
    static void findStrace() throws InterruptedException {
        OldestJdk.require("DurabilityClassTest");
        try {
            List<String> command = new ArrayList<>(STRACE);
            command.addAll(List.of("/dev/null", "true"));
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            traces = process.waitFor(PATIENCE_S, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            traces = false;
        }
        if (!traces) {
            System.out.println("Forces are not counted: there is no strace, or it may not trace here.");
        }
    }

    /** Servers too in a build that has fetched them, since each takes several times as long as the embedded ones. */
    private static Stream<Contender> all() {
        if (KafkaServer.missing().isPresent()) {
            System.out.println("The servers' durability classes are proved in a build with -Pservers only.");
            return Contenders.embedded().stream();
        }
        return Stream.concat(Contenders.embedded().stream(), Contenders.servers().stream());
    }

    static Stream<Contender> unforced() {
        return all().filter(contender -> contender.durabilities().contains(Durability.D0));
    }

    static Stream<Arguments> forced() {
        return all().flatMap(contender -> contender.durabilities().stream()
                .filter(each -> each == Durability.D2 || each == Durability.D2G).map(each -> Arguments.of(contender, each)));
    }

    @ParameterizedTest
    @MethodSource("unforced")
    void d0SurvivesKillAndForcesNoAppend(Contender contender) throws Exception {
        Process process = start(contender, Durability.D0, Integer.MAX_VALUE);
        int answered;
        long forces;
        try (BufferedReader output = process.inputReader()) {
            long before = forcesWhenOpen(process, output);
            assertEquals(UNFORCED_EVENTS, answered(output, 0, UNFORCED_EVENTS), this::said);
            forces = forces() - before;
            kill(process);
            answered = answered(output, UNFORCED_EVENTS, Integer.MAX_VALUE);
        } finally {
            kill(process);
        }
        try (EventLog log = contender.open(data(), Durability.D0)) {
            List<String> events = replay(log);
            assertTrue(events.size() >= answered, () -> "events were lost: found=" + events.size());
            for (int i = 0; i < answered; i++) {
                assertEquals(Integer.toString(i), events.get(i));
            }
        }
        assumeTrue(traces, "no strace");
        assertTrue(forces <= MOST_FORCES_UNFORCED, () -> "it forces more than it says: forces=" + forces);
    }

    static Stream<Arguments> forcedBehind() {
        return all().flatMap(contender -> contender.durabilities().stream()
                .filter(each -> each == Durability.D1 || each == Durability.D1S).map(each -> Arguments.of(contender, each)));
    }

    @ParameterizedTest
    @MethodSource("forcedBehind")
    void d1ForcesAgainAndAgainBehindTheAppends(Contender contender, Durability durability) throws Exception {
        assumeTrue(traces, "no strace");
        int awaited = durability == Durability.D1 ? 5 : 2;
        Process process = start(contender, durability, Integer.MAX_VALUE);
        int answered = 0;
        long forces = 0;
        long beganNs = System.nanoTime();
        try (BufferedReader output = process.inputReader()) {
            long before = forcesWhenOpen(process, output);
            while (forces < awaited) {
                assertTrue(System.nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(PATIENCE_S), "it forces nothing behind the appends");
                int next = answered + UNFORCED_EVENTS;
                answered = answered(output, answered, next);
                assertEquals(next, answered, this::said);
                forces = forces() - before;
            }
        } finally {
            kill(process);
        }
        assertTrue(answered > forces, "it forces more than it says: answered=" + answered + " forces=" + forces);
    }

    @ParameterizedTest
    @MethodSource("forced")
    void d2ForcesEachAppendBeforeItIsAnswered(Contender contender, Durability durability) throws Exception {
        assumeTrue(traces, "no strace");
        Process process = start(contender, durability, FORCED_EVENTS);
        long forces;
        try (BufferedReader output = process.inputReader()) {
            long before = forcesWhenOpen(process, output);
            assertEquals(FORCED_EVENTS, answered(output, 0, FORCED_EVENTS), this::said);
            forces = forces() - before;
            assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "the process does not end");
        } finally {
            kill(process);
        }
        assertTrue(forces >= FORCED_EVENTS, () -> "it forces less than it says: forces=" + forces);
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** Starts it, or skips the test, with the reason, where the machine has no such server. */
    private Process start(Contender contender, Durability durability, int events) throws IOException {
        contender.missing().ifPresent(why -> {
            System.out.println(contender.name() + " is not tested: " + why);
            abort(why);
        });
        List<String> command = new ArrayList<>();
        if (traces) {
            command.addAll(STRACE);
            command.add(folder.resolve("forces").toString());
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(DurabilityClassTest::isHandedOn).forEach(command::add);
        command.addAll(Fork.ownProperties()); // a test gets these from Maven and not as flags of its JVM
        command.addAll(List.of(AppendingChild.class.getName(), contender.name(), durability.name(), data().toString(),
                Integer.toString(events)));
        return new ProcessBuilder(command).redirectError(folder.resolve("said").toFile()).start();
    }

    private static boolean isHandedOn(String flag) {
        return flag.startsWith("--") || flag.startsWith("-Dchronicle") || flag.startsWith("-Ddisable");
    }

    /** Waits until it is open, lets it append, and answers how often it had forced something before. */
    private long forcesWhenOpen(Process process, BufferedReader output) throws IOException {
        assertEquals(AppendingChild.OPEN, output.readLine(), this::said);
        long forces = forces();
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return forces;
    }

    /** What the process has answered of the next events, up to so many; less if it has ended before, perhaps within a line. */
    private static int answered(BufferedReader output, int from, int to) throws IOException {
        int next = from;
        while (next < to && Integer.toString(next).equals(output.readLine())) {
            next++;
        }
        return next;
    }

    /** As {@code kill -9} does; what it has printed can still be read, which Process.destroyForcibly would prevent. */
    private static void kill(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        if (!traces) {
            process.toHandle().destroyForcibly();
        }
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "the process does not end");
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("said"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private long forces() throws IOException {
        if (!traces) {
            return 0;
        }
        try (Stream<String> calls = Files.lines(folder.resolve("forces"))) {
            return calls.filter(call -> FORCE.matcher(call).find()).count();
        }
    }

    private static List<String> replay(EventLog log) {
        List<String> payloads = new ArrayList<>();
        log.reader().replay((version, buffer, offset, length) -> payloads.add(buffer.getStringWithoutLengthAscii(offset, length)));
        return payloads;
    }
}
