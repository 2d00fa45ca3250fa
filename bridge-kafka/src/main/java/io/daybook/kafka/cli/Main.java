package io.daybook.kafka.cli;

import io.daybook.DaybookException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The runnable jar. */
@Command(name = "daybook-bridge-kafka", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
    header = "Mirror a journal to Kafka, beside the process that owns it, and get it back from there.",
    footer = "%nExit codes: 0 well; 1 something is wrong (refused, fenced, a difference, no journal, …); 2 misuse; 143 after SIGTERM.")
public final class Main implements Runnable {

    private static final int FOUND_WRONG = 1;

    @Spec
    private CommandSpec spec;

    private Main() {
    }

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        quiet();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs one command in this JVM and returns its exit code. */
    static int run(PrintStream out, PrintStream err, String... args) {
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(new MirrorCommand(out));
        line.addSubcommand(new VerifyCommand(out));
        line.addSubcommand(new RestoreCommand(out, err));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setUsageHelpWidth(120);
        line.setExecutionExceptionHandler((problem, command, parsed) -> explain(err, problem));
        return line.execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    /** What was expected to go wrong gets a sentence; anything else is a fault of the program and keeps its stack trace. */
    private static int explain(PrintStream err, Exception problem) {
        if (problem instanceof DaybookException || problem instanceof Failure) {
            err.println(problem.getMessage());
        } else if (problem instanceof IOException || problem instanceof UncheckedIOException) {
            err.println("Reading or writing failed: problem=" + problem.getMessage());
        } else {
            problem.printStackTrace(err);
        }
        return FOUND_WRONG;
    }

    /** The jar is the application, so it may say what the libraries below log. Before the first of their classes is loaded. */
    private static void quiet() {
        setDefault("chronicle.announcer.disable", "true");
        setDefault("disable.perf.info", "true");
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        setDefault("org.slf4j.simpleLogger.log.org.apache.kafka", "error");
        setDefault("slf4j.internal.verbosity", "WARN");
    }

    private static void setDefault(String name, String value) {
        if (System.getProperty(name) == null) System.setProperty(name, value);
    }

    /** The version that the build wrote into the manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"daybook-bridge-kafka " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
