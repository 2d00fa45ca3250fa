package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The examples of README.md are compiled from README's own text, and the first, which is whole, is run. */
class KafkaBridgeReadmeTest extends MirrorCase {

    private static final String AROUND = """
            import static io.daybook.Expected.any;
            import io.daybook.*;
            import io.daybook.kafka.*;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.List;
            public class Example {
                public static void run() throws Exception {
                    %s
                }
                public static void more() {
                    %s
                }
            }
            """;

    @Test
    void theExampleRuns() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("README.md")));
        assertTrue(block.find(), "there is no example");
        String example = block.group(1).replace("Path.of(\"ledger\")", "Path.of(\"" + temp.resolve("journal") + "\")")
                .replace("\"127.0.0.1:9092\", \"ledger\"", "\"" + SharedBroker.address() + "\", \"" + topic + "\"");
        String more = block.results().map(other -> "{" + other.group(1) + "}").collect(Collectors.joining("\n"));
        assertTrue(more.contains("route("), "the example of routes is not there");
        Path source = Files.writeString(temp.resolve("Example.java"), AROUND.formatted(example, more));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", System.getProperty("java.class.path"),
                source.toString()));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {temp.toUri().toURL()})) {
            loader.loadClass("Example").getMethod("run").invoke(null);
        }
        assertEquals(1, Listener.hear(SharedBroker.address(), topic, 1).size());
    }
}
