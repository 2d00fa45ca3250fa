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
        Path source = Files.writeString(folder.resolve("Example.java"), block("java"));
        int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null,
                "-Xlint:all,-path,-classfile,-processing", "-Werror", "-d", folder.toString(), "-cp",
                System.getProperty("java.class.path"), source.toString());
        assertEquals(0, exit);
        assertEquals("account-42 is at version 2 of 5 events", run(folder.resolve("ledger")));
    }

    private String run(Path journal) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[] {journal.toString()});
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

    private static String block(String language) throws IOException {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertTrue(matcher.find(), "README has a block of " + language);
        return matcher.group(1);
    }
}
