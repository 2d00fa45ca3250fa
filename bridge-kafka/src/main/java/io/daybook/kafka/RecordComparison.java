package io.daybook.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Compares a record with what an event of the journal makes. */
final class RecordComparison {

    private static final int SHOWN_BYTES = 48;

    private RecordComparison() {
    }

    /**
     * The first field that differs, and how; nothing if none does. The epoch is not compared: it is the journal's when the record was
     * written, which the event does not tell.
     */
    static Optional<String> difference(ProducerRecord<byte[], byte[]> expected, ConsumerRecord<byte[], byte[]> found) {
        if (!Arrays.equals(expected.key(), found.key())) {
            return Optional.of(field("key", expected.key(), found.key()));
        }
        if (!expected.topic().equals(found.topic())) {
            return Optional.of("field=topic journal=" + expected.topic() + " topic=" + found.topic());
        }
        if (expected.partition() != found.partition()) {
            return Optional.of("field=partition journal=" + expected.partition() + " topic=" + found.partition());
        }
        if (expected.timestamp() != found.timestamp()) {
            return Optional.of("field=timestamp journal=" + expected.timestamp() + " topic=" + found.timestamp());
        }
        Optional<String> header = headers(expected, found);
        if (header.isEmpty() && !Arrays.equals(expected.value(), found.value())) {
            return Optional.of(value(expected.value(), found.value()));
        }
        return header;
    }

    /** True if nothing differs but, perhaps, the epoch. Costs less than to say what does. */
    static boolean isSame(ProducerRecord<byte[], byte[]> expected, ConsumerRecord<byte[], byte[]> found) {
        if (!expected.topic().equals(found.topic()) || expected.partition() != found.partition()
                || expected.timestamp() != found.timestamp() || !Arrays.equals(expected.key(), found.key())
                || !Arrays.equals(expected.value(), found.value())) {
            return false;
        }
        Header[] wanted = expected.headers().toArray();
        Header[] there = found.headers().toArray();
        boolean same = wanted.length == there.length;
        for (int i = 0; same && i < wanted.length; i++) {
            same = wanted[i].key().equals(there[i].key()) && there[i].value() != null
                    && (wanted[i].key().equals(RecordFormat.EPOCH) || Arrays.equals(wanted[i].value(), there[i].value()));
        }
        return same;
    }

    private static Optional<String> headers(ProducerRecord<byte[], byte[]> expected, ConsumerRecord<byte[], byte[]> found) {
        Map<String, byte[]> left = new HashMap<>();
        for (Header header : found.headers()) {
            if (left.put(header.key(), header.value()) != null) {
                return Optional.of("field=" + header.key() + " problem=twice");
            }
        }
        for (Header header : expected.headers()) {
            byte[] value = left.remove(header.key());
            if (value == null && header.key().equals(RecordFormat.COMMIT_EPOCH)) {
                continue; // the record is older than this header
            }
            if (!Arrays.equals(header.value(), value) && !(header.key().equals(RecordFormat.EPOCH) && value != null)) {
                return Optional.of(field(header.key(), header.value(), value));
            }
        }
        return left.keySet().stream().sorted().findFirst().map(name -> "field=" + name + " problem=not in the journal");
    }

    private static String value(byte[] expected, byte[] found) {
        if (found == null || expected.length != found.length) {
            return "field=payload journalBytes=" + expected.length + " topicBytes=" + (found == null ? "none" : found.length);
        }
        return "field=payload firstDifferentByte=" + Arrays.mismatch(expected, found) + " bytes=" + expected.length;
    }

    private static String field(String name, byte[] expected, byte[] found) {
        return "field=" + name + " journal=" + shown(expected) + " topic=" + shown(found);
    }

    /** Text as it is where it is short and plain, anything else in hex. */
    private static String shown(byte[] bytes) {
        if (bytes == null) {
            return "none";
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        boolean plain = bytes.length <= SHOWN_BYTES && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
        return plain ? text : "0x" + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES))
                + (bytes.length > SHOWN_BYTES ? "…" : "");
    }
}
