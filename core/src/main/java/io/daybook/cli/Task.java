package io.daybook.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have. Returns the exit code. */
abstract class Task implements Callable<Integer> {

    static final int WELL = 0;
    static final int FOUND_WRONG = 1;

    /** Where the command reads and writes. */
    final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the result as JSON, one object a line.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and end.")
    private boolean help;

    Task(Streams streams) {
        this.streams = streams;
    }

    final boolean json() {
        return json;
    }

    /** Prints a result to stdout. */
    final void print(Facts facts) {
        streams.out().println(json ? facts.json() : facts.text());
        streams.out().flush();
    }

    /** A value of an option that cannot be meant: exit code 2. */
    final ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Refuses a negative value of an option; null is an option that was not given. */
    final void notNegative(String option, Long value) {
        if (value != null && value < 0) throw misuse("The value of " + option + " is negative: value=" + value);
    }

    /** Reading commands create nothing, so they look before they ask the store. */
    static void mustExist(Path journal) {
        if (!Files.isDirectory(journal)) throw new Failure("There is no journal: folder=" + journal);
    }
}
