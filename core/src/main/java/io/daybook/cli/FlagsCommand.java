package io.daybook.cli;

import io.daybook.recovery.JvmFlags;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Prints the JVM flags that a host needs; fit for {@code java $(java -jar daybook.jar flags) …} and for a file named by {@code java @FILE}.
 */
@Command(name = "flags", header = "Print the JVM flags that an application with an embedded store needs on this JVM.")
final class FlagsCommand extends Task {

    FlagsCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() {
        List<String> flags = JvmFlags.required();
        if (json()) {
            print(new Facts().with("flags", flags));
        } else {
            flags.forEach(streams.out()::println);
        }
        return WELL;
    }
}
