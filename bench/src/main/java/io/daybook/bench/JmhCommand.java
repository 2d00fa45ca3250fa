package io.daybook.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** JMH with all its options, for the micro benchmarks. */
@Command(name = "jmh", description = "Runs the micro benchmarks: the rest of the line goes to JMH (jmh -h, jmh Append -prof gc).")
final class JmhCommand implements Callable<Integer> {

    @Parameters(description = "JMH's own arguments", paramLabel = "ARG")
    private List<String> arguments = new ArrayList<>();

    /** What goes to JMH. */
    List<String> arguments() {
        return arguments;
    }

    @Override
    public Integer call() throws Exception {
        try (WarmFrames frames = WarmFrames.hold()) {
            System.err.println("page frames: " + frames);
            org.openjdk.jmh.Main.main(ForkFlags.addedTo(arguments.toArray(new String[0])));
        }
        return 0;
    }
}
