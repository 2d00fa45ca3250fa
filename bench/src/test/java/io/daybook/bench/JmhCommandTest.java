package io.daybook.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** JMH gets all that follows its name, whatever it looks like. */
class JmhCommandTest {

    private static List<String> parsed(String... line) {
        CommandLine commands = Main.commands();
        commands.parseArgs(line);
        JmhCommand jmh = commands.getSubcommands().get("jmh").getCommand();
        return jmh.arguments();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Append -prof gc", "-h", "-f 1 Load -wi 3 -prof jfr:dir=x -jvmArgs -Xmx2g", "-l"})
    void allThatFollowsGoesToJmh(String line) {
        assertEquals(List.of(line.split(" ")), parsed(("jmh " + line).split(" ")));
    }

    @Test
    void noArgumentsAreNone() {
        assertEquals(List.of(), parsed("jmh"));
    }
}
