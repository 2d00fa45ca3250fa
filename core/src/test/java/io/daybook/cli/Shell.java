package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Stands in for a shell: runs one command in this JVM. */
final class Shell {

    /** What a command left behind. */
    record Outcome(int exitCode, String out, String err) {

        Outcome expect(int code) {
            assertEquals(code, exitCode, () -> "out:\n" + out + "\nerr:\n" + err);
            return this;
        }

        /** The lines of stdout, each a JSON object. */
        List<JsonNode> objects() {
            return out.lines().map(Shell::parse).toList();
        }

        /** The only line of stdout. */
        JsonNode object() {
            List<JsonNode> objects = objects();
            assertEquals(1, objects.size(), out);
            return objects.get(0);
        }

        /** What was said on stderr, apart from progress bars. */
        String said() {
            StringBuilder said = new StringBuilder();
            err.lines().filter(line -> !line.matches(".*[0-9?]+% \\[.*") && !line.isBlank())
                .forEach(line -> said.append(line).append('\n'));
            return said.toString().strip();
        }
    }

    private Shell() {
    }

    static Outcome run(Object... args) {
        return runWith(new byte[0], args);
    }

    static Outcome runWith(byte[] stdin, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        int exitCode = Main.run(new Streams(new ByteArrayInputStream(stdin), new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)), texts);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** All events of a journal as cat prints them. */
    static List<JsonNode> events(Path journal) {
        return run("cat", "--journal", journal, "--json").expect(0).objects();
    }

    static JsonNode parse(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }
}
