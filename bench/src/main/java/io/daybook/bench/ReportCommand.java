package io.daybook.bench;

import io.daybook.bench.report.ReportPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the page of a results folder. */
@Command(name = "report", header = "Make one HTML page of a results folder: tables and plots.", mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder that a run wrote: results.ndjson and what belongs to it.")
    private Path folder;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the page goes; DIR/index.html if not given.")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path page = out == null ? folder.resolve("index.html") : out;
        try {
            ReportPage.write(folder, page);
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
        spec.commandLine().getOut().println("page: " + page);
        return 0;
    }
}
