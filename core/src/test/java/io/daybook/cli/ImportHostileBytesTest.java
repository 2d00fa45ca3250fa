package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 9 for files to import: whatever bytes they hold, an import ends with an answer, and what it answers with is no stack trace. */
@Timeout(600)
class ImportHostileBytesTest {

    private static final int TRIES = Effort.times(24, 3_000);

    @TempDir
    private Path folder;
    private int journals;

    private static String rows(String format) {
        StringBuilder rows = new StringBuilder();
        String between = format.equals("tsv") ? "\t" : ",";
        if (!format.equals("ndjson")) {
            rows.append(String.join(between, "who", "kind", "at")).append('\n');
        }
        for (int i = 0; i < 6; i++) {
            String object = "{\"who\":\"account-" + i % 2 + "\",\"kind\":\"Paid\",\"at\":" + i + ",\"n\":{\"x\":[1]}}";
            String row = String.join(between, "account-" + i % 2, format.equals("csv") ? "\"Paid\"" : "Paid", String.valueOf(i));
            rows.append(format.equals("ndjson") ? object : row).append('\n');
        }
        return rows.toString();
    }

    private void importIt(String name, byte[] content, String what) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        Path journal = folder.resolve("journal-" + journals++);
        Shell.Outcome outcome = Shell.run("import", "--journal", journal, "--json", "--entity", "who", "--type", "kind", "--time", "at",
            file);
        assertTrue(outcome.exitCode() >= 0 && outcome.exitCode() <= 3, () -> what + ": " + outcome);
        assertFalse(outcome.err().contains("\tat ") || outcome.err().contains("Exception"), () -> what + ": " + outcome.err());
        assertTrue(outcome.exitCode() == 0 || !outcome.said().isEmpty(), () -> what + ": it says what is wrong: " + outcome);
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void bytesOfChanceInEveryFormat() throws IOException {
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println("bytesOfChanceInEveryFormat: seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            String format = List.of("csv", "tsv", "ndjson").get(i % 3);
            byte[] bytes = rows(format).getBytes(StandardCharsets.UTF_8);
            boolean gzip = random.nextInt(3) == 0;
            boolean before = random.nextBoolean();
            if (before) {
                change(bytes, random);
            }
            byte[] content = gzip ? packed(bytes) : bytes;
            if (!before) {
                change(content, random);
            }
            importIt("rows." + format + (gzip ? ".gz" : ""), content, "seed=" + seed + " try=" + i);
        }
    }

    private static void change(byte[] bytes, Random random) {
        byte[] likely = {0, '"', '\n', '\r', '\t', ',', '{', '}', '[', '\\', (byte) 0xFF, (byte) 0xC0, (byte) 0xF8, 0x7F, '-'};
        for (int i = 0; i <= random.nextInt(6); i++) {
            bytes[random.nextInt(bytes.length)] = random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt();
        }
    }

    /** A few KiB that unpack to much more than the heap is allowed to give, and nesting that a stack is not made for. */
    @Test
    void smallFilesThatWantMuch() throws IOException {
        byte[] endless = new byte[48 << 20];
        java.util.Arrays.fill(endless, (byte) 'x');
        importIt("one-line.csv.gz", packed(endless), "one field without end");
        importIt("one-line.tsv.gz", packed(endless), "one field without end");
        java.util.Arrays.fill(endless, (byte) '[');
        importIt("deep.ndjson.gz", packed(endless), "nesting without end");
        importIt("deep.ndjson", ("{\"who\":" + "[".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8), "nesting of a million");
        importIt("long.ndjson", ("{\"who\":\"" + "x".repeat(1 << 20) + "\"}").getBytes(StandardCharsets.UTF_8), "a name of a million");
        importIt("number.ndjson", ("{\"who\":\"a\",\"at\":1e999999999}").getBytes(StandardCharsets.UTF_8), "a number beyond all");
        importIt("digits.csv", ("who,kind,at\na,K," + "9".repeat(100_000) + "\n").getBytes(StandardCharsets.UTF_8), "a time beyond all");
    }
}
