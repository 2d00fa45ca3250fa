package io.daybook.read;

/**
 * A stretch of positions.
 *
 * @param first the lowest
 * @param end   the one behind the highest; not above {@code first} if the stretch is empty
 */
record Stretch(long first, long end) {
}
