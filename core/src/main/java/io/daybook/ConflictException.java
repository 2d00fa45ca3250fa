package io.daybook;

/** A condition of the commit did not hold; nothing was written. Load, decide and append again. Has no stack trace. */
public final class ConflictException extends DaybookException {

    private static final long serialVersionUID = 1;

    private final String entity;
    private final transient Expected expected;
    private final long actual;

    /** The condition {@code expected} on {@code entity} met the newest version {@code actual}. */
    public ConflictException(String entity, Expected expected, long actual) {
        super("The entity is not at the expected version: entity=" + entity + " expected=" + expected + " actual=" + actual, false);
        this.entity = entity;
        this.expected = expected;
        this.actual = actual;
    }

    /** The first entity, in the order given, whose condition failed. */
    public String entity() {
        return entity;
    }

    /** Its condition. */
    public Expected expected() {
        return expected;
    }

    /** Version of its newest event; -1 if it has none. */
    public long actual() {
        return actual;
    }
}
