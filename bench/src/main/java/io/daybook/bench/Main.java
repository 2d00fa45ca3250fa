package io.daybook.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where {@code java -jar benchmarks.jar} begins. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true, version = "daybook benchmarks",
        description = "Measures Daybook beside whatever else a service could keep its events in.",
        subcommands = {QuickCommand.class, RunCommand.class, MatrixCommand.class, ReportCommand.class, JmhCommand.class,
            FirstLook.Program.class, Scale.Program.class, Garbage.Program.class, Following.Program.class, Forced.Program.class,
            BridgeCost.Program.class,
            Children.Measure.class, Children.Fill.class, Children.AppendUntilKilled.class, Takeover.Writer.class})
public final class Main {

    private Main() {
    }

    /** Runs the command that is named first; the process ends with its exit code: 0 well, 1 something failed, 2 misuse. */
    public static void main(String[] args) {
        CommandLine commands = commands();
        System.exit(args.length == 0 ? usage(commands) : commands.execute(args));
    }

    /** The commands, ready to be executed. */
    static CommandLine commands() {
        CommandLine commands = new CommandLine(new Main());
        commands.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setExecutionExceptionHandler(Main::failed);
        return commands;
    }

    /** Misuse is told in a line, everything else with its trace. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof IllegalArgumentException) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        throw e;
    }

    private static int usage(CommandLine commands) {
        commands.usage(System.err);
        return CommandLine.ExitCode.USAGE;
    }
}
