package io.daybook.cli;

/** One row of the input, and what becomes its event's payload. */
final class Row {

    private final long number;
    private final long line;
    private final String[] values;
    private final byte[] payload;

    /** Row number {@code number}, from 1, that begins on {@code line}; {@code values} by the number of their role. */
    Row(long number, long line, String[] values, byte[] payload) {
        this.number = number;
        this.line = line;
        this.values = values;
        this.payload = payload;
    }

    long number() {
        return number;
    }

    long line() {
        return line;
    }

    /** The value in the column that plays this role; null if no column does. */
    String value(Role role) {
        return values[role.ordinal()];
    }

    byte[] payload() {
        return payload;
    }
}
