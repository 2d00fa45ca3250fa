package io.daybook;

/**
 * The commit is in the journal, but the rung asked for was not reached. Appending it again with the same ids is safe. After a failed force
 * the store refuses further writes. Any other exception of an append means that nothing was written, or, if the journal could not be read
 * after a fault, says that it is not known until the next open.
 */
public final class DurabilityException extends DaybookException {

    private static final long serialVersionUID = 1;

    private final transient AppendResult result;

    /** The commit stands where {@code result} says. */
    public DurabilityException(String message, AppendResult result, Throwable cause) {
        super(message, cause);
        this.result = result;
    }

    /** Where the commit stands; null if no commit was appended, but {@link EventStore#awaitDurable} failed. */
    public AppendResult result() {
        return result;
    }
}
