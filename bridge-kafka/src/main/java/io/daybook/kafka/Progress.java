package io.daybook.kafka;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How far the mirror of a journal is: the record that is committed in the transaction of the events that it tells of. In bytes: lines
 * {@code name=value}, a version first.
 *
 * @param identity   of the journal
 * @param epoch      of the journal when this was written
 * @param position   all events before it are in the topics
 * @param end        behind the last event that any partition was known to have when this was written; equal to {@code position}, unless
 *                   partitions have unlike much ({@link HangingTransactions})
 * @param layout     where each entity's events lie, for ever
 * @param newest     position of the newest event in each topic that has one; told where there are routes, so that a topic of them that was
 *                   deleted and made anew is noticed
 * @param mirror     made at random by each start of a mirror, so that one that was fenced knows whether there is another
 */
record Progress(UUID identity, int epoch, long position, long end, Layout layout, SortedMap<String, Long> newest, UUID mirror) {

    /** Versions of this record: of a mirror with one topic, with routes, and of one whose partitions have unlike much. */
    static final int VERSION = 1;
    static final int VERSION_WITH_ROUTES = 2;
    static final int VERSION_WITH_END = 3;

    private static final String VERSION_NAME = "progress_version";
    private static final String HEADER_VERSION_NAME = "header_version";
    private static final String END = "end";
    private static final String PARTITIONS = "partitions";
    private static final String ROUTE = "route.";
    private static final String NEWEST = "newest.";

    /** Of a mirror that has one topic, or mirrors nothing yet. */
    Progress(UUID identity, int epoch, long position, Layout layout, UUID mirror) {
        this(identity, epoch, position, position, layout, new TreeMap<>(), mirror);
    }

    /** True if all partitions were known to have the events before the position, and no others; Kafka may show more by now. */
    boolean isEven() {
        return end == position;
    }

    /** The same journal, this far; {@code sent} what was sent to each topic last. */
    Progress at(long newPosition, Map<String, Long> sent) {
        SortedMap<String, Long> newestNow = new TreeMap<>(newest);
        sent.forEach((topic, last) -> newestNow.merge(topic, last, Math::max));
        return new Progress(identity, epoch, newPosition, Math.max(end, newPosition), layout, newestNow, mirror);
    }

    byte[] key() {
        return RecordFormat.ascii(identity.toString());
    }

    byte[] value() {
        Routes routes = layout.routes();
        StringBuilder lines = new StringBuilder();
        int version = routes.byCategory().isEmpty() ? VERSION : VERSION_WITH_ROUTES;
        lines.append(VERSION_NAME).append('=').append(isEven() ? version : VERSION_WITH_END).append('\n');
        lines.append(HEADER_VERSION_NAME).append('=').append(RecordFormat.VERSION).append("\nidentity=").append(identity);
        lines.append("\nepoch=").append(epoch).append("\nposition=").append(position).append('\n');
        if (!isEven()) {
            lines.append(END).append('=').append(end).append('\n');
        }
        lines.append(PARTITIONS).append('=').append(layout.count(routes.topic())).append('\n');
        routes.byCategory().forEach((category, topic) -> lines.append(ROUTE)
                .append(RecordFormat.pathSegment(category.getBytes(StandardCharsets.UTF_8))).append('=').append(topic).append('\n'));
        routes.topics().stream().skip(1).forEach(topic -> lines.append(PARTITIONS).append('.').append(topic).append('=')
                .append(layout.count(topic)).append('\n'));
        newest.forEach((topic, at) -> lines.append(NEWEST).append(topic).append('=').append(at).append('\n'));
        return RecordFormat.ascii(lines.append("mirror=").append(mirror).append('\n').toString());
    }

    /**
     * Reads what {@link #value} wrote; names that are not known are passed over.
     *
     * @param topic the mirror's own
     * @throws ForeignRecordException if it is something else, or of another version
     */
    static Progress read(String topic, byte[] value) {
        Properties fields = new Properties();
        try {
            fields.load(new StringReader(new String(value == null ? new byte[0] : value, StandardCharsets.UTF_8)));
            int version = require(fields, VERSION_NAME, VERSION, VERSION_WITH_ROUTES, VERSION_WITH_END);
            boolean routed = version >= VERSION_WITH_ROUTES;
            require(fields, HEADER_VERSION_NAME, RecordFormat.VERSION);
            long position = Long.parseLong(field(fields, "position"));
            long end = version == VERSION_WITH_END ? Long.parseLong(field(fields, END)) : position;
            if (position < 0 || version == VERSION_WITH_END && end <= position) {
                throw new ForeignRecordException("The progress has a position or end that none has: position=" + position + " end=" + end);
            }
            return new Progress(UUID.fromString(field(fields, "identity")), Integer.parseInt(field(fields, "epoch")), position, end,
                    layout(topic, fields, routed), newest(fields, routed), UUID.fromString(field(fields, "mirror")));
        } catch (IOException | IllegalArgumentException e) {
            throw new ForeignRecordException("The record tells no progress of a mirror: problem=" + e.getMessage());
        }
    }

    private static Layout layout(String own, Properties fields, boolean routed) {
        SortedMap<String, String> byCategory = new TreeMap<>();
        for (String name : fields.stringPropertyNames()) {
            if (routed && name.startsWith(ROUTE)) {
                byCategory.put(RecordFormat.ofPathSegment(name.substring(ROUTE.length())), field(fields, name));
            }
        }
        return new Layout(new Routes(own, byCategory), topic -> partitions(fields, topic.equals(own) ? PARTITIONS
                : PARTITIONS + "." + topic));
    }

    private static SortedMap<String, Long> newest(Properties fields, boolean routed) {
        SortedMap<String, Long> newest = new TreeMap<>();
        for (String name : fields.stringPropertyNames()) {
            if (routed && name.startsWith(NEWEST)) {
                newest.put(name.substring(NEWEST.length()), Long.parseLong(field(fields, name)));
            }
        }
        return newest;
    }

    private static int partitions(Properties fields, String name) {
        int partitions = Integer.parseInt(field(fields, name));
        if (partitions < 1 || partitions > BridgeSettings.MOST_PARTITIONS) { // damage may say any number: it must not become memory
            throw new ForeignRecordException("The progress has a number that no topic has: " + name + "=" + partitions);
        }
        return partitions;
    }

    private static int require(Properties fields, String name, Integer... known) {
        String version = field(fields, name);
        return Stream.of(known).filter(each -> version.equals(each.toString())).findFirst().orElseThrow(() -> new ForeignRecordException(
                "The progress has another version: " + name + "=" + version + " known=" + List.of(known)));
    }

    private static String field(Properties fields, String name) {
        String value = fields.getProperty(name);
        if (value == null) {
            throw new ForeignRecordException("The progress lacks a field: field=" + name);
        }
        return value;
    }
}
