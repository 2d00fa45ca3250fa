package io.daybook.cli;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows of CSV (RFC 4180) or TSV (fields as they are: TSV knows no quotes) under a header that names the columns. */
final class DelimitedReader implements Closeable {

    /** Stands for "no quotes": FastCSV wants a quote character, and this one occurs in no text. */
    private static final char NO_QUOTE = '\0';
    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    private final Utf8Reader reader;
    private final CsvReader<CsvRecord> csv;
    private final CloseableIterator<CsvRecord> records;
    private List<String> header = List.of();
    private long line;

    private DelimitedReader(Utf8Reader reader, CsvReader<CsvRecord> csv) {
        this.reader = reader;
        this.csv = csv;
        this.records = csv.iterator();
    }

    /** Opens and reads the header; an empty input has no column. */
    static DelimitedReader open(InputStream in, Format format) {
        Utf8Reader reader = new Utf8Reader(in);
        // How many fields there are is looked at here, where the columns have names.
        DelimitedReader rows = new DelimitedReader(reader, CsvReader.builder().fieldSeparator(format == Format.TSV ? '\t' : ',')
            .quoteCharacter(format == Format.TSV ? NO_QUOTE : '"').allowUnclosedQuote(false).skipEmptyLines(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE).missingFieldStrategy(FieldMismatchStrategy.IGNORE).ofCsvRecord(reader));
        CsvRecord first = rows.read();
        if (first != null) rows.header = List.copyOf(first.getFields());
        Set<String> seen = new HashSet<>();
        for (String column : rows.header) {
            if (!seen.add(column)) throw MalformedRowException.ofValue(1, column, column, "two columns have this name");
        }
        return rows;
    }

    List<String> header() {
        return header;
    }

    /** The number of a column, counted from 0; it must be there. */
    int column(String name) {
        int column = header.indexOf(name);
        if (column < 0) throw new NoSuchElementException("There is no such column: column=" + name + " columns=" + header);
        return column;
    }

    /** The fields of the next row, one for each column, or null at the end. */
    List<String> next() {
        CsvRecord row = read();
        if (row == null) return null;
        List<String> fields = row.getFields();
        if (fields.size() != header.size()) {
            String column = fields.size() < header.size() ? header.get(fields.size()) : String.valueOf(header.size() + 1);
            throw new MalformedRowException(line, column, "the row has " + fields.size() + " columns, the header " + header.size());
        }
        return fields;
    }

    /** The line on which the newest row begins, counted from 1. */
    long line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }

    private CsvRecord read() {
        try {
            if (!records.hasNext()) return null;
            CsvRecord row = records.next();
            line = row.getStartingLineNumber();
            return row;
        } catch (CsvParseException e) {
            throw new MalformedRowException(lineOf(e), "1", e.getMessage());
        } catch (UncheckedIOException e) {
            boolean otherEncoding = e.getCause() instanceof CharacterCodingException;
            if (otherEncoding) throw new MalformedRowException(reader.line(), reader.column(), "not UTF-8");
            throw new Failure("The input cannot be read on: line=" + reader.line() + " problem=" + e.getCause().getMessage());
        }
    }

    /** FastCSV tells the line on which the broken row begins in its message only. */
    private long lineOf(CsvParseException e) {
        Matcher told = LINE.matcher(e.getMessage());
        return told.find() ? Long.parseLong(told.group(1)) : line + 1;
    }
}
