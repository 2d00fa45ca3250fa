package io.daybook.cli;

import java.util.Locale;

/** How rows are written in a file. */
enum Format {
    CSV, TSV, NDJSON;

    /** The format that the name of a file tells, or null. */
    static Format ofName(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        switch (plain.substring(plain.lastIndexOf('.') + 1)) {
            case "csv":
                return CSV;
            case "tsv", "tab":
                return TSV;
            case "ndjson", "jsonl", "json":
                return NDJSON;
            default:
                return null;
        }
    }

    /** A guess from the beginning of the content: an object, a tab in the first line, or else commas. */
    static Format ofContent(String beginning) {
        String content = beginning.stripLeading();
        if (content.startsWith("{")) return NDJSON;
        return content.lines().findFirst().orElse("").indexOf('\t') >= 0 ? TSV : CSV;
    }
}
