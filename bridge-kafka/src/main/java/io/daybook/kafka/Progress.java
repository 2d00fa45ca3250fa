package io.daybook.kafka;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.UUID;

/**
 * How far the mirror of a journal is: the record that is committed in the transaction of the events that it tells of. In bytes: lines
 * {@code name=value}, a version first.
 *
 * @param identity   of the journal
 * @param epoch      of the journal when this was written
 * @param position   all events before it are in the topic, and none behind
 * @param partitions of the topic, for ever
 * @param mirror     made at random by each start of a mirror, so that one that was fenced knows whether there is another
 */
record Progress(UUID identity, int epoch, long position, int partitions, UUID mirror) {

    /** Version of this record. */
    static final int VERSION = 1;

    private static final String VERSION_NAME = "progress_version";
    private static final String HEADER_VERSION_NAME = "header_version";

    /** The same journal, this far. */
    Progress at(long newPosition, int newEpoch) {
        return new Progress(identity, newEpoch, newPosition, partitions, mirror);
    }

    byte[] key() {
        return RecordFormat.ascii(identity.toString());
    }

    byte[] value() {
        return RecordFormat.ascii(VERSION_NAME + "=" + VERSION + "\n" + HEADER_VERSION_NAME + "=" + RecordFormat.VERSION + "\nidentity="
                + identity + "\nepoch=" + epoch + "\nposition=" + position + "\npartitions=" + partitions + "\nmirror=" + mirror + "\n");
    }

    /**
     * Reads what {@link #value} wrote; names that are not known are passed over.
     *
     * @throws ForeignRecordException if it is something else, or of another version
     */
    static Progress read(byte[] value) {
        Properties fields = new Properties();
        try {
            fields.load(new StringReader(new String(value == null ? new byte[0] : value, StandardCharsets.UTF_8)));
            require(fields, VERSION_NAME, VERSION);
            require(fields, HEADER_VERSION_NAME, RecordFormat.VERSION);
            return new Progress(UUID.fromString(field(fields, "identity")), Integer.parseInt(field(fields, "epoch")),
                    Long.parseLong(field(fields, "position")), Integer.parseInt(field(fields, "partitions")),
                    UUID.fromString(field(fields, "mirror")));
        } catch (IOException | IllegalArgumentException e) {
            throw new ForeignRecordException("The record tells no progress of a mirror: problem=" + e.getMessage());
        }
    }

    private static void require(Properties fields, String name, int known) {
        if (!field(fields, name).equals(Integer.toString(known))) {
            throw new ForeignRecordException("The progress has another version: " + name + "=" + field(fields, name) + " known=" + known);
        }
    }

    private static String field(Properties fields, String name) {
        String value = fields.getProperty(name);
        if (value == null) {
            throw new ForeignRecordException("The progress lacks a field: field=" + name);
        }
        return value;
    }
}
