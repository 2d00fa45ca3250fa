package io.daybook.bench;

import io.daybook.bench.contender.Contenders;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Cases;
import io.daybook.bench.workload.Dying;
import io.daybook.bench.workload.Filling;
import io.daybook.bench.workload.Fork;
import io.daybook.bench.workload.Ground;
import io.daybook.bench.workload.Outcome;
import io.daybook.bench.workload.Workload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What the JVMs do that a run starts. Each ends with the one that started it, however that ended. Not for people. */
final class Children {

    private Children() {
    }

    /** Ends this JVM at the end of its input, which is the end of the JVM that started it: nobody would hear what is measured. */
    private static void endWithParent() {
        Thread watch = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // as good as the end
            }
            System.exit(1);
        }, "daybook-bench-parent");
        watch.setDaemon(true);
        watch.start();
    }

    /** Measures a case and prints its outcome as the last line. */
    @Command(name = Fork.PROGRAM, hidden = true)
    static final class Measure implements Callable<Integer> {
        @Parameters(index = "0")
        private String json;

        @Parameters(index = "1")
        private Path histograms;

        @Override
        public Integer call() throws Exception {
            endWithParent();
            Case measured = Cases.parseCase(json);
            Outcome outcome;
            try (Scratch scratch = Scratch.create()) {
                outcome = Workload.ALL.get(measured.variant()).measure(measured, new Ground(scratch, histograms));
            }
            if (Contenders.servers().stream().anyMatch(each -> each.name().equals(measured.contender()))) {
                outcome.metrics().remove("cpuNsPerEvent"); // of the client alone it would flatter the server
            }
            System.out.println(Cases.toJson(outcome));
            return 0;
        }
    }

    /** Writes what another opens. */
    @Command(name = Filling.PROGRAM, hidden = true)
    static final class Fill implements Callable<Integer> {
        @Parameters(index = "0")
        private String json;

        @Parameters(index = "1")
        private Path folder;

        @Override
        public Integer call() throws Exception {
            endWithParent();
            Filling.main(Cases.parseCase(json), new Ground(Scratch.existing(folder), folder));
            return 0;
        }
    }

    /** Appends until it is killed. */
    @Command(name = Dying.PROGRAM, hidden = true)
    static final class AppendUntilKilled implements Callable<Integer> {
        @Parameters(index = "0")
        private String json;

        @Parameters(index = "1")
        private Path folder;

        @Override
        public Integer call() throws Exception {
            endWithParent();
            Dying.main(Cases.parseCase(json), new Ground(Scratch.existing(folder), folder));
            return 0;
        }
    }
}
