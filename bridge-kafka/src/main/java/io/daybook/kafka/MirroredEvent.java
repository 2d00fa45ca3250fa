package io.daybook.kafka;

import io.daybook.RecordedEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * An event read back out of its record.
 *
 * @param event       as it stands in the journal
 * @param identity    of the journal
 * @param epoch       of the journal when the record was written
 * @param commitEpoch of the journal when the event was written; the other one where the record does not tell
 */
record MirroredEvent(RecordedEvent event, UUID identity, int epoch, int commitEpoch) {

    private static final byte[] NONE = {};
    private static final char REPLACEMENT = '\uFFFD'; // what stands for bytes that are not UTF-8; or was written

    /**
     * Reads a record.
     *
     * @throws ForeignRecordException if it is not the record of an event in this version of the format; says which field
     */
    static MirroredEvent read(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        long version = number(headers, RecordFormat.HEADER_VERSION);
        if (version != RecordFormat.VERSION) {
            throw new ForeignRecordException("The record has another version of the headers: field=" + RecordFormat.HEADER_VERSION
                    + " found=" + version + " known=" + RecordFormat.VERSION);
        }
        if (record.key() == null || record.value() == null) {
            throw new ForeignRecordException("The record lacks a part: field=" + (record.key() == null ? "key" : "value"));
        }
        Header metadata = headers.lastHeader(RecordFormat.METADATA);
        if (metadata != null && metadata.value() == null) {
            throw new ForeignRecordException("The record lacks a part: field=" + RecordFormat.METADATA);
        }
        RecordedEvent event = new RecordedEvent(position(headers), text("key", record.key()), number(headers, RecordFormat.ENTITY_VERSION),
                text(headers, RecordFormat.CE_TYPE), id(headers), number(headers, RecordFormat.TIME_NS),
                integer(headers, RecordFormat.SCHEMA_VERSION), metadata == null ? NONE : metadata.value(), record.value(),
                number(headers, RecordFormat.COMMIT_POSITION), integer(headers, RecordFormat.COMMIT_SIZE));
        int epoch = epoch(headers);
        boolean told = headers.lastHeader(RecordFormat.COMMIT_EPOCH) != null;
        UUID identity = identity(headers);
        requireConsistent(record, identity, event.timeNs());
        return new MirroredEvent(event, identity, epoch, told ? integer(headers, RecordFormat.COMMIT_EPOCH) : epoch);
    }

    /** What a record says twice it must say twice: one that contradicts itself is none of the mirror's, and no field of it is believed. */
    private static void requireConsistent(ConsumerRecord<byte[], byte[]> record, UUID identity, long timeNs) {
        Set<String> names = new HashSet<>();
        for (Header header : record.headers()) {
            if (!names.add(header.key())) {
                throw new ForeignRecordException("The record has a header twice: field=" + header.key());
            }
        }
        require(record, RecordFormat.CE_SPECVERSION, RecordFormat.ascii(RecordFormat.SPECVERSION));
        require(record, RecordFormat.CE_SOURCE, RecordFormat.ascii(RecordFormat.sourcePrefix(identity)
                + RecordFormat.pathSegment(record.key())));
        require(record, RecordFormat.CE_SUBJECT, record.key());
        require(record, RecordFormat.CE_TIME, RecordFormat.time(timeNs));
    }

    private static void require(ConsumerRecord<byte[], byte[]> record, String name, byte[] expected) {
        Header header = record.headers().lastHeader(name);
        if (header == null || !Arrays.equals(expected, header.value())) {
            throw new ForeignRecordException("A header says something else than the rest of the record: field=" + name + " found="
                    + (header == null || header.value() == null ? "none" : text(name, header.value())));
        }
    }

    /** Position of the event that a record is of. */
    static long position(Headers headers) {
        return number(headers, RecordFormat.POSITION);
    }

    /** The journal's epoch when a record was written. */
    static int epoch(Headers headers) {
        return integer(headers, RecordFormat.EPOCH);
    }

    private static UUID id(Headers headers) {
        String text = text(headers, RecordFormat.CE_ID);
        return uuid(RecordFormat.CE_ID, text);
    }

    /** The part of the source between the scheme and the name. */
    private static UUID identity(Headers headers) {
        String source = text(headers, RecordFormat.CE_SOURCE);
        int colon = source.indexOf(':');
        int slash = source.indexOf('/');
        if (colon < 0 || slash < colon) {
            throw new ForeignRecordException("A header has a value that no event has: field=" + RecordFormat.CE_SOURCE + " found="
                    + source);
        }
        return uuid(RecordFormat.CE_SOURCE, source.substring(colon + 1, slash));
    }

    private static UUID uuid(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ForeignRecordException("A header holds no UUID: field=" + field + " found=" + text);
        }
    }

    private static int integer(Headers headers, String name) {
        long number = number(headers, name);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new ForeignRecordException("A header has a value that no event has: field=" + name + " found=" + number);
        }
        return (int) number;
    }

    private static long number(Headers headers, String name) {
        String text = text(headers, name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ForeignRecordException("A header holds no number: field=" + name + " found=" + text);
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new ForeignRecordException("The record lacks a header: field=" + name);
        }
        return text(name, header.value());
    }

    private static String text(String field, byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text; // nothing was replaced
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new ForeignRecordException("A field is not UTF-8: field=" + field);
        }
    }

    /** Where a record stands, as messages end with it. */
    static String place(ConsumerRecord<byte[], byte[]> record) {
        return " topic=" + record.topic() + " partition=" + record.partition() + " offset=" + record.offset();
    }
}
