package io.daybook.kafka;

/**
 * What a comparison of a journal with its mirror found. Immutable.
 *
 * @param events     so many events, from position 0 on, are the same in both
 * @param reached    all events before this position had to be in the topic: so far the mirror was when the comparison began
 * @param durable    events of the journal that were on the device then; those behind {@code reached} are still to be mirrored
 * @param difference the first difference; null if there is none
 */
public record Verification(long events, long reached, long durable, Difference difference) {

    /**
     * A difference.
     *
     * @param position of the event that it was found at
     * @param what     a sentence that names the field, or what is wrong with the record
     */
    public record Difference(long position, String what) {
    }

    /** True if there is no difference. */
    public boolean isEqual() {
        return difference == null;
    }
}
