package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class InputFileTest {

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    /** Says that nothing is available although more comes, as a pipe does whose writer is slow. */
    private static InputStream slowPipe(byte[]... parts) {
        InputStream all = InputStream.nullInputStream();
        for (byte[] part : parts) all = new SequenceInputStream(all, new ByteArrayInputStream(part));
        return new java.io.FilterInputStream(all) {
            @Override
            public int available() {
                return 0;
            }
        };
    }

    @Test
    void gzipIsKnownByItsMagicAndTheFormatByNameOrContent() throws IOException {
        try (InputFile file = InputFile.open("-", new ByteArrayInputStream(gzip("a\tb\n1\t2\n")))) {
            assertEquals(Format.TSV, file.format(null));
            assertEquals("a\tb\n1\t2\n", new String(file.content().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(-1, file.size());
        }
        assertEquals(Format.TSV, Format.ofName("x.TSV.gz"));
        assertEquals(Format.CSV, Format.ofName("a.b/x.csv"));
        assertEquals(Format.NDJSON, Format.ofName("x.jsonl"));
        assertNull(Format.ofName("events"));
        assertEquals(Format.CSV, Format.ofContent("a,b\n1\t2,3"));
        assertEquals(Format.NDJSON, Format.ofContent("\n {\"a\":1}"));
    }

    @Test
    void theFormatOfAPipeIsKnownAfterItsFirstLine() throws IOException {
        InputStream silence = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("Nobody may wait for the second line");
            }
        };
        byte[] first = "\n\na\tb\n".getBytes(StandardCharsets.UTF_8);
        InputStream pipe = new SequenceInputStream(new ByteArrayInputStream(first), silence);
        try (InputFile file = InputFile.open("-", pipe)) {
            assertEquals(Format.TSV, file.format(null));
            assertEquals("\n\na\tb\n", new String(file.content().readNBytes(6), StandardCharsets.UTF_8));
        }
    }

    @Test
    void allMembersOfAGzipAreReadFromASlowPipe() throws IOException {
        try (InputFile file = InputFile.open("-", slowPipe(gzip("a,b\n"), gzip("1,2\n"), gzip("3,4\n")))) {
            assertEquals("a,b\n1,2\n3,4\n", new String(file.content().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        try (InputFile file = InputFile.open("-", new ByteArrayInputStream("\uFEFFa,b\n".getBytes(StandardCharsets.UTF_8)))) {
            assertEquals("a,b\n", new String(file.content().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatPrecedesAMalformedByteIsReadAndItsLineIsKnown() throws IOException {
        byte[] latin1 = "a,b\r\nc,d\ré,f\n".getBytes(StandardCharsets.ISO_8859_1);
        Utf8Reader reader = new Utf8Reader(new ByteArrayInputStream(latin1));
        char[] chars = new char[100];
        assertEquals(9, reader.read(chars, 0, 100));
        assertEquals("a,b\r\nc,d\r", new String(chars, 0, 9));
        assertThrows(java.nio.charset.CharacterCodingException.class, () -> reader.read(chars, 0, 100));
        assertEquals(3, reader.line());
        assertEquals("1", reader.column());
    }

    @Test
    void charactersAreReadWhole() throws IOException {
        String text = "🎉é".repeat(70_000);
        Utf8Reader reader = new Utf8Reader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        StringBuilder read = new StringBuilder();
        char[] chars = new char[3];
        for (int n = reader.read(chars, 0, 3); n >= 0; n = reader.read(chars, 0, 3)) read.append(chars, 0, n);
        assertEquals(text, read.toString());
    }

    @Test
    void aLineWithoutEndDoesNotFillTheMemory() throws IOException {
        LineReader lines = new LineReader(new ByteArrayInputStream("ab\n\nabcd\nabcde".getBytes(StandardCharsets.US_ASCII)), 4);
        assertEquals("ab", new String(lines.next(), StandardCharsets.US_ASCII));
        assertEquals(0, lines.next().length);
        assertEquals("abcd", new String(lines.next(), StandardCharsets.US_ASCII));
        assertTrue(assertThrows(MalformedRowException.class, lines::next).getMessage().contains("line=4"));
    }
}
