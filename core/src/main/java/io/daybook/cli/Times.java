package io.daybook.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Times as people and files write them, and as the journal counts them: nanoseconds since 1970 UTC. */
final class Times {

    static final long NS_PER_SECOND = 1_000_000_000L;

    private static final DateTimeFormatter NANOS = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();
    private static final BigDecimal HIGHEST_NS = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int LONGEST_TEXT = 64;

    private Times() {
    }

    /** RFC 3339 with nine digits of the second. */
    static String rfc3339(long ns) {
        return NANOS.format(Instant.ofEpochSecond(Math.floorDiv(ns, NS_PER_SECOND), Math.floorMod(ns, NS_PER_SECOND)));
    }

    /**
     * Reads seconds since 1970, also fractions of them, or RFC 3339.
     *
     * @throws IllegalArgumentException with a few words that say what is wrong
     */
    static long parseNs(String text) {
        if (text.isEmpty() || text.length() > LONGEST_TEXT) throw new IllegalArgumentException("not a time");
        boolean number = text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+');
        BigDecimal ns = number ? seconds(text) : instant(text);
        if (ns.signum() < 0) throw new IllegalArgumentException("a time before 1970");
        if (ns.compareTo(HIGHEST_NS) > 0) throw new IllegalArgumentException("a time after 2262");
        return ns.longValue();
    }

    private static BigDecimal seconds(String text) {
        try {
            return new BigDecimal(text).movePointRight(9).setScale(0, RoundingMode.FLOOR);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("neither seconds nor an RFC 3339 time", e);
        }
    }

    private static BigDecimal instant(String text) {
        try {
            // RFC 3339 lets a space stand for the T.
            boolean space = text.length() > 10 && text.charAt(10) == ' ';
            Instant instant = OffsetDateTime.parse(space ? text.replaceFirst(" ", "T") : text).toInstant();
            return BigDecimal.valueOf(instant.getEpochSecond()).movePointRight(9).add(BigDecimal.valueOf(instant.getNano()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("neither seconds nor an RFC 3339 time", e);
        }
    }
}
