package io.daybook.cli;

/** A row is not what it must be. Nothing of the commit that it belongs to was written. */
final class MalformedRowException extends Failure {

    private static final long serialVersionUID = 1;
    private static final int SHOWN_CHARS = 60;

    /** Line and column of the input; for JSON that cannot be read the column is a number. */
    MalformedRowException(long line, String column, String problem) {
        super("The row is malformed, nothing of its commit was written: line=" + line + " column=" + column + " problem=" + problem);
    }

    /** The problem with a value, which is shown. */
    static MalformedRowException ofValue(long line, String column, String value, String problem) {
        String shown = value.length() <= SHOWN_CHARS ? value : value.substring(0, SHOWN_CHARS) + "…";
        String printable = shown.codePoints().map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return new MalformedRowException(line, column, problem + " value=\"" + printable + "\"");
    }
}
