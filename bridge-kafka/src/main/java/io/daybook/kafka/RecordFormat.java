package io.daybook.kafka;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;

/**
 * The names and rules of a record, as FORMAT.md promises them: a CloudEvent in the Kafka binary binding with fields of Daybook's own beside
 * it. No state.
 */
final class RecordFormat {

    /** Version of all that this class says; a reader refuses others. */
    static final int VERSION = 1;

    static final String CE_SPECVERSION = "ce_specversion";
    static final String CE_ID = "ce_id";
    static final String CE_TYPE = "ce_type";
    static final String CE_SOURCE = "ce_source";
    static final String CE_SUBJECT = "ce_subject";
    static final String CE_TIME = "ce_time";

    static final String HEADER_VERSION = "daybook_header_version";
    static final String POSITION = "daybook_position";
    static final String ENTITY_VERSION = "daybook_version";
    static final String COMMIT_POSITION = "daybook_commit_position";
    static final String COMMIT_SIZE = "daybook_commit_size";
    static final String SCHEMA_VERSION = "daybook_schema_version";
    static final String EPOCH = "daybook_epoch";
    /** Records that were written before there was this header have none. */
    static final String COMMIT_EPOCH = "daybook_commit_epoch";
    static final String TIME_NS = "daybook_time_ns";
    /** Left out when an event has none. */
    static final String METADATA = "daybook_metadata";

    static final String SPECVERSION = "1.0";

    /** All headers without their values, their lengths, and the numbers at their longest, with room to spare. */
    private static final int LARGEST_REST = 1024;
    private static final long NS = TimeUnit.SECONDS.toNanos(1);
    private static final String SOURCE_SCHEME = "daybook:";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private RecordFormat() {
    }

    /** The partition of an entity, by its name in UTF-8: what Kafka's own partitioner does with the key, in every client. */
    static int partition(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    /** What {@code ce_source} begins with for every event of a journal. */
    static String sourcePrefix(UUID identity) {
        return SOURCE_SCHEME + identity + '/';
    }

    /** A name as a segment of a URI's path: all but RFC 3986's unreserved characters is percent-encoded, byte by byte of its UTF-8. */
    static String pathSegment(byte[] name) {
        boolean plain = true;
        for (byte b : name) {
            plain &= isUnreserved(b);
        }
        return plain ? new String(name, StandardCharsets.ISO_8859_1) : encoded(name);
    }

    /** The name that {@link #pathSegment} made this of. */
    static String ofPathSegment(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(byte[] name) {
        StringBuilder segment = new StringBuilder(name.length + 16);
        for (byte b : name) {
            if (isUnreserved(b)) {
                segment.append((char) b);
            } else {
                segment.append('%').append(HEX[b >> 4 & 0xF]).append(HEX[b & 0xF]);
            }
        }
        return segment.toString();
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~';
    }

    /** A time as RFC 3339 writes it, always with nine digits behind the point. Not by a formatter, which takes longer than all the rest. */
    static byte[] time(long ns) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(Math.floorDiv(ns, NS), 0, ZoneOffset.UTC); // its year has four digits: 1677 to 2262
        byte[] text = ascii("0000-00-00T00:00:00.000000000Z");
        putDigits(text, 4, at.getYear());
        putDigits(text, 7, at.getMonthValue());
        putDigits(text, 10, at.getDayOfMonth());
        putDigits(text, 13, at.getHour());
        putDigits(text, 16, at.getMinute());
        putDigits(text, 19, at.getSecond());
        putDigits(text, 29, Math.floorMod(ns, NS));
        return text;
    }

    /** A number in decimal. */
    static byte[] number(long number) {
        if (number < 0) {
            return ascii(Long.toString(number)); // which no field of an event has
        }
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        byte[] text = new byte[digits];
        text[0] = '0';
        putDigits(text, digits, number);
        return text;
    }

    /** Writes a number so that it ends before this place. */
    private static void putDigits(byte[] text, int end, long number) {
        long rest = number;
        for (int i = end - 1; rest > 0; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** The largest record, in bytes, that an event with such a payload can become. The name is in it three times, once encoded. */
    static long largestRecordBytes(int payloadBytes, int metadataBytes, int entityBytes, int typeBytes) {
        return (long) payloadBytes + metadataBytes + 5L * entityBytes + typeBytes + LARGEST_REST;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
