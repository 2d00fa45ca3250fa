package io.daybook.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.recovery.JvmFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README says is compiled and run from README's own text. */
class ReadmeTest {

    private static final Path README = Path.of("../README.md");

    @TempDir
    Path folder;

    @Test
    void theExampleCompilesAndRuns() throws Exception {
        compile("Example", block("java", 0));
        assertEquals("account-42 is at version 2 of 5 events", run("Example", folder.resolve("ledger")));
    }

    /** The second example stands in a service that has a store, a position and the outcome of an append. */
    @Test
    void theExampleOfFollowingCompilesAndRuns() throws Exception {
        compile("Following", """
                import io.daybook.*;
                import java.nio.file.Path;
                import java.time.Duration;
                public final class Following {
                    public static void main(String[] arguments) throws Exception {
                        try (EventStore store = EventStore.open(Path.of(arguments[0]))) {
                            store.append("account-1", Expected.absent(), NewEvent.json("Opened", "{}"));
                            store.append("bank-1", Expected.absent(), NewEvent.json("Opened", "{}"));
                            AppendResult paid = store.append("account-1", Expected.exactly(0), NewEvent.json("Paid", "{}"));
                            long position = 0;
                            %s
                        }
                    }
                }
                """.formatted(block("java", 1)));
        assertEquals("2 account-1 Paid", run("Following", folder.resolve("followed")));
    }

    private void compile(String name, String text) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".java"), text);
        int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null,
                "-Xlint:all,-path,-classfile,-processing", "-Werror", "-d", folder.toString(), "-cp",
                System.getProperty("java.class.path"), source.toString());
        assertEquals(0, exit);
    }

    private String run(String name, Path journal) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[] {journal.toString()});
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8).trim();
    }

    @Test
    void theFlagsAreTheOnesThatOpenAsksFor() throws IOException {
        String readme = Files.readString(README);
        for (String flag : JvmFlags.required()) {
            assertTrue(readme.contains("\n" + flag + "\n"), flag);
        }
    }

    private static String block(String language, int number) throws IOException {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        for (int i = 0; i <= number; i++) {
            assertTrue(matcher.find(), "README has a block of " + language + ": number=" + number);
        }
        return matcher.group(1);
    }
}
