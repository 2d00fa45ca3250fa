package io.daybook.bench;

import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.RecoveryReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a journal is without an owner when its owner is killed under load and a warm stand-by takes over: from the signal to the first
 * append.
 */
final class Takeover {

    /** The program that the child runs. */
    static final String WRITER = "scale-writer";

    private static final int KILLS = 5;
    private static final int EVENTS_BEFORE_READY = 500_000;
    private static final int MOST_EVENTS = 100_000_000;
    private static final String READY = "ready";
    private static final double MS = 1e6;

    private final Path journal;
    private final int entities;
    private final Figures figures;

    Takeover(Path journal, int entities, Figures figures) {
        this.journal = journal;
        this.entities = entities;
        this.figures = figures;
    }

    void run() throws IOException, InterruptedException {
        for (int kill = 1; kill <= KILLS; kill++) {
            Process owner = start(kill);
            try {
                awaitReady(owner);
                takeOver(kill, owner);
            } finally {
                owner.destroyForcibly();
            }
        }
    }

    private void takeOver(int kill, Process owner) throws InterruptedException {
        long killed = System.nanoTime();
        owner.destroyForcibly();
        owner.waitFor();
        long gone = System.nanoTime();
        try (EventStore store = EventStore.open(journal)) {
            store.append(Entities.name(kill), Expected.present(), event());
            long appended = System.nanoTime();
            RecoveryReport report = store.recovery();
            boolean rebuilt = report.indexRebuilt();
            figures.print("kill " + kill + ": owner gone", (gone - killed) / MS, "ms", "");
            figures.print("kill " + kill + ": open and append, index " + (rebuilt ? "rebuilt" : "used"), (appended - gone) / MS, "ms",
                    rebuilt ? "" : "<= 1000");
            figures.print("kill " + kill + ": replayed", report.replayedEvents(), "events", "");
        }
    }

    private Process start(int seed) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(ForkFlags.list());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), WRITER));
        command.addAll(List.of("--journal", journal.toString(), "--entities", Integer.toString(entities)));
        command.addAll(List.of("--seed", Integer.toString(seed)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void awaitReady(Process owner) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8));
        if (!READY.equals(out.readLine())) {
            throw new IOException("The owner ended before it had appended enough");
        }
    }

    /** Appends to random entities until it is killed. */
    @Command(name = WRITER, hidden = true)
    static final class Writer implements Runnable {
        @Option(names = "--journal", required = true)
        private Path journal;

        @Option(names = "--entities", required = true)
        private int entities;

        @Option(names = "--seed", required = true)
        private long seed;

        @Override
        public void run() {
            SplittableRandom random = new SplittableRandom(seed);
            NewEvent event = event();
            try (EventStore store = EventStore.open(journal)) {
                for (int i = 0; i < MOST_EVENTS; i++) {
                    store.append(Entities.name(random.nextInt(entities)), Expected.any(), event);
                    if (i == EVENTS_BEFORE_READY) {
                        System.out.println(READY);
                    }
                }
            }
        }
    }

    private static NewEvent event() {
        return NewEvent.of(Payment.TYPE, new byte[Payment.PAYLOAD_BYTES]);
    }
}
