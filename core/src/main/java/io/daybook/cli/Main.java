package io.daybook.cli;

import io.daybook.DaybookException;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The runnable jar. */
@Command(name = "daybook", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
    header = "An embedded event store, from the shell.",
    footer = "%nExit codes: 0 well; 1 something is wrong (conflict, damage, mismatch, no journal, malformed row, …); 2 misuse.")
public final class Main implements Runnable {

    private static final int FOUND_WRONG = 1;

    @Spec
    private CommandSpec spec;

    private Main() {
    }

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        quiet();
        InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in)); // alone it seeks, which a pipe cannot
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int exitCode = run(new Streams(in, out, err), args);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs one command in this JVM and returns its exit code. */
    static int run(Streams streams, String... args) {
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(new DemoCommand(streams));
        line.addSubcommand(new ImportCommand(streams));
        line.addSubcommand(new CatCommand(streams));
        line.addSubcommand(new AppendCommand(streams));
        line.addSubcommand(new StatsCommand(streams));
        line.addSubcommand(new VerifyCommand(streams));
        line.addSubcommand(new FlagsCommand(streams));
        line.addSubcommand(new FollowerCommand(streams));
        line.setOut(new PrintWriter(streams.out(), true));
        line.setErr(new PrintWriter(streams.err(), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(120);
        line.setExecutionExceptionHandler((problem, command, parsed) -> explain(streams, problem));
        int exitCode = line.execute(args);
        streams.out().flush();
        return exitCode;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    /** What was expected to go wrong gets a sentence; anything else is a fault of the program and keeps its stack trace. */
    private static int explain(Streams streams, Exception problem) {
        Throwable cause = problem instanceof UncheckedIOException && problem.getCause() != null ? problem.getCause() : problem;
        if (cause instanceof NoSuchFileException missing) {
            streams.say("There is no such file: file=" + missing.getFile());
        } else if (cause instanceof AccessDeniedException denied) {
            streams.say("The file may not be opened: file=" + denied.getFile());
        } else if (cause instanceof FileSystemException refused) {
            String reason = refused.getReason() == null ? refused.getClass().getSimpleName() : refused.getReason();
            streams.say("Reading or writing failed: file=" + refused.getFile() + " problem=" + reason);
        } else if (cause instanceof IOException) {
            streams.say("Reading or writing failed: problem=" + cause.getMessage());
        } else if (cause instanceof Failure || cause instanceof DaybookException) {
            streams.say(cause.getMessage());
        } else {
            cause.printStackTrace(streams.err());
        }
        return FOUND_WRONG;
    }

    /** The jar is the application, so it may say what the libraries below log. Before the first of their classes is loaded. */
    private static void quiet() {
        setDefault("chronicle.announcer.disable", "true");
        setDefault("disable.perf.info", "true");
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", "warn");
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
            return new String[] {"daybook " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
