package io.daybook;

/**
 * Which part of what could be read is wanted, and in which order. Immutable.
 *
 * @param fromVersion lowest version that is handed out (reads of an entity only)
 * @param toVersion   highest version that is handed out (reads of an entity only)
 * @param toPosition  highest position that is handed out
 * @param toTimeNs    events of later commits are not handed out; nanoseconds since 1970 UTC
 * @param limit       how many events are handed out at the most; may cut a commit
 * @param backwards   newest first: strictly reversed
 */
public record ReadRange(long fromVersion, long toVersion, long toPosition, long toTimeNs, long limit, boolean backwards) {

    private static final ReadRange ALL = new ReadRange(0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, false);

    /** Refuses negative numbers. */
    public ReadRange {
        notNegative("fromVersion", fromVersion);
        notNegative("toVersion", toVersion);
        notNegative("toPosition", toPosition);
        notNegative("limit", limit);
    }

    /** Everything, forwards. */
    public static ReadRange all() {
        return ALL;
    }

    /** From this version on. */
    public ReadRange from(long version) {
        return new ReadRange(version, toVersion, toPosition, toTimeNs, limit, backwards);
    }

    /** Up to and including this version. */
    public ReadRange to(long version) {
        return new ReadRange(fromVersion, version, toPosition, toTimeNs, limit, backwards);
    }

    /** Up to and including this position. */
    public ReadRange toPosition(long position) {
        return new ReadRange(fromVersion, toVersion, position, toTimeNs, limit, backwards);
    }

    /** Up to and including this time. */
    public ReadRange toTime(long timeNs) {
        return new ReadRange(fromVersion, toVersion, toPosition, timeNs, limit, backwards);
    }

    /** At most so many events. */
    public ReadRange limit(long events) {
        return new ReadRange(fromVersion, toVersion, toPosition, toTimeNs, events, backwards);
    }

    /** Newest first. */
    public ReadRange reversed() {
        return new ReadRange(fromVersion, toVersion, toPosition, toTimeNs, limit, true);
    }

    private static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("A bound of a read is negative: " + name + "=" + value);
        }
    }
}
