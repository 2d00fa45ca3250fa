package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Durability;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Host;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.RecoveryReport;
import io.daybook.machine.Load.Knob;
import io.daybook.recovery.Verifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls of the operating system that fail, made so by strace: after a failed force nothing is acknowledged or written, reads go on, close
 * returns; whatever fails, what was acknowledged is there when the journal is opened again.
 */
class FailingDeviceTest extends JournalTest {

    private static final int COMMITS = 120;
    private static final long PATIENCE_MS = 60_000;
    private static final Load LOAD = Load.usual().with(Knob.DISK_EVERY, 3).with(Knob.PAYLOAD_BYTES, 20_000).with(Knob.ENTITIES, 200)
        .with(Knob.CYCLE_BYTES, 1 << 20).with(Knob.FLUSH_EVENTS, 16).with(Knob.HEADS_FILE_EVENTS, 40);

    /** About so often a thread of the writer makes them, in opening, a roll, growth of the index, heads files, a checkpoint, closing. */
    private static final List<Call> CALLS = List.of(new Call("fsync,fdatasync", 15), new Call("ftruncate", 8), new Call("fallocate", 3),
        new Call("pwrite64", 8));

    /** What a life says whose force failed; where it was one of closing the index, the log says so. */
    private static final Set<String> NOTICED = Set.of("undurable", "refuses", "refused", "unopened", "unnamed", "unclosed");
    private static final String LOGGED = "OwnedJournal - The index could not be closed";

    /** Nobody forces but the background interval. */
    private static final Load BY_INTERVAL = LOAD.with(Knob.DISK_EVERY, 1_000_000).with(Knob.INTERVAL_MS, 5);

    private record Call(String name, int most) {
    }

    private final Map<String, Integer> figures = new TreeMap<>();

    /**
     * Which call fails, how, and which one of them.
     *
     * @param calls names of system calls
     * @param error of the operating system
     * @param which strace's: a number, with a plus for all from there on
     */
    private record Fault(String calls, String error, String which) {

        List<String> command(Path trace) {
            return List.of("strace", "-f", "--seccomp-bpf", "-qq", "-o", trace.toString(), "-e", "trace=" + calls, "-e",
                "inject=" + calls + ":error=" + error + ":when=" + which);
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("FailingDeviceTest");
    }

    @BeforeEach
    void requireStrace() throws Exception {
        Host.requireRootAnd("FailingDeviceTest", "strace");
        int code = Host.run("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=msync", "true");
        Host.require(code == 0, "FailingDeviceTest", "strace may not trace here");
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        flags.addAll(unpacked());
        try (ChildJvm child = ChildJvm.startBehind(List.of(), flags, ScriptedWriter.class, temp.resolve("unpacking"), 0, LOAD, 1)) {
            child.lineThatBegins("ended");
        }
    }

    /** Where a library lies that is unpacked by a first child, with calls that should not be counted. */
    private List<String> unpacked() {
        return List.of("-Djffi.extract.dir=" + temp, "-Djffi.extract.name=jffi");
    }

    @Test
    void afterAFailedForceNothingIsAcknowledgedOrWritten() throws Exception {
        Random random = new Random(seed("afterAFailedForceNothingIsAcknowledgedOrWritten"));
        for (int life = 0; life < Effort.times(3, 48); life++) {
            int which = life == 0 ? 8 + random.nextInt(8) : 1 + random.nextInt(48); // the first few are those of opening
            run(life, life % 3 == 2 ? BY_INTERVAL : LOAD, new Fault("msync", "EIO", which + (random.nextBoolean() ? "" : "+")));
        }
        report();
        assertTrue(figures.getOrDefault("injected into", 0) > 0, figures::toString);
        // Who forces first, the appending thread or one of the store's, is chance: then the append is in the journal, or refused.
        assertTrue(figures.getOrDefault("refuses", 0) > 0, figures::toString);
        assertTrue(figures.getOrDefault("refuses", 0) >= figures.getOrDefault("undurable", 0), figures::toString);
    }

    @Test
    void whateverCallFailsWhatWasAcknowledgedIsThere() throws Exception {
        Random random = new Random(seed("whateverCallFailsWhatWasAcknowledgedIsThere"));
        for (int life = 0; life < Effort.times(4, 96); life++) {
            Call call = CALLS.get(life % CALLS.size());
            String error = random.nextBoolean() ? "EIO" : "ENOSPC";
            run(life, LOAD, new Fault(call.name, error, 1 + random.nextInt(call.most) + (random.nextInt(3) == 0 ? "+" : "")));
        }
        report();
        assertTrue(figures.getOrDefault("injected into", 0) > 0, figures::toString);
    }

    private void run(int life, Load load, Fault fault) throws Exception {
        Path journal = temp.resolve("journal-" + life);
        List<Told.Acknowledged> acknowledged = new ArrayList<>();
        List<String> flags = new ArrayList<>(ChildJvm.ownFlags());
        // Only the store's own calls: neither the JVM's counters nor the libraries that are unpacked.
        flags.addAll(List.of("-XX:-UsePerfData", "-XX:ErrorFile=" + temp.resolve("crash-" + life + ".log")));
        flags.addAll(unpacked());
        List<String> lines = new ArrayList<>();
        Path trace = temp.resolve("trace-" + life);
        try (ChildJvm child = ChildJvm.startBehind(fault.command(trace), flags, ScriptedWriter.class, journal, life, load, COMMITS)) {
            for (String line = child.line(); line != null; line = child.line()) {
                lines.add(line);
                if (line.endsWith(".")) {
                    figures.merge(line.split("[ .]")[0], 1, Integer::sum);
                }
                collect(line, life, load, acknowledged);
            }
            assertTrue(child.endedWithin(PATIENCE_MS), "it does not end");
        }
        long injected;
        try (Stream<String> traced = Files.lines(trace)) {
            injected = traced.filter(line -> line.contains("(INJECTED)")).count();
        }
        String said = fault + " injected=" + injected + "\n" + String.join("\n", lines);
        if (injected > 0) {
            figures.merge("injected into", 1, Integer::sum);
        }
        assertTrue(lines.contains("ended."), said);
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("failed")), said);
        boolean silent = injected > 0 && fault.calls.equals("msync")
            && lines.stream().noneMatch(line -> NOTICED.contains(line.split("[ .]")[0]) || line.contains(LOGGED));
        check(journal, acknowledged, silent, said);
        JournalFiles.delete(journal);
    }

    /** Also a commit that is in the journal, but was not forced: nothing but the machine can take it. */
    private static void collect(String line, int life, Load load, List<Told.Acknowledged> acknowledged) {
        String[] words = line.replace(".", "").split(" ");
        if (line.startsWith("ack ")) {
            int number = Integer.parseInt(words[2]);
            acknowledged.add(new Told.Acknowledged(life, 0, number, Long.parseLong(words[3]), load.rung(0, number), 0));
        } else if (line.startsWith("undurable ")) {
            acknowledged.add(new Told.Acknowledged(life, 0, Integer.parseInt(words[1]), Long.parseLong(words[2]), Durability.PROCESS, 0));
        }
    }

    /** {@code silent}: a force failed and nobody was told, so it was one of closing: the journal or its index does not pass for closed. */
    private static void check(Path journal, List<Told.Acknowledged> acknowledged, boolean silent, String said) throws Exception {
        try (EventStore store = EventStore.open(journal, LOAD.settings())) {
            RecoveryReport report = store.recovery();
            assertTrue(!silent || !report.cleanlyClosed() || report.indexRebuilt(), () -> "nobody noticed: " + said);
            Contents contents = Contents.read(store, LOAD);
            Told.assertThere(acknowledged, contents, Durability.PROCESS);
            long told = acknowledged.stream().mapToLong(Told.Acknowledged::end).max().orElse(0);
            assertEquals(told, contents.end(), () -> "what was refused was not written\n" + said);
            contents.assertHeadsFit(store);
            store.append("after", Expected.absent(), Events.event("After", ""));
        }
        assertEquals(List.of(), Verifier.verify(journal, bytes -> { }).problems());
    }

    private void report() {
        System.out.println("steps that were reported while calls failed: " + figures);
    }
}
