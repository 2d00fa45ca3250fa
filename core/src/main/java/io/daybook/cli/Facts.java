package io.daybook.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.daybook.metrics.LatencyRecorder;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A result: named values in the order in which they are shown, as text for people or as one line of JSON. */
final class Facts {

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Adds a value; one that is null is left out. */
    Facts with(String name, Object value) {
        if (value != null) values.put(name, value);
        return this;
    }

    /** Adds all values of another result. */
    Facts with(Facts others) {
        values.putAll(others.values);
        return this;
    }

    /** Adds how many there were, how long they took, and the rate. */
    Facts withRate(String name, long count, long ns) {
        values.put(name, count == 0 || ns == 0 ? 0L : Math.round(count * 1e9 / ns));
        return this;
    }

    /** Adds the percentiles of appends in microseconds. */
    Facts withLatencies(LatencyRecorder latencies) {
        if (latencies.count() == 0) return this;
        return with("appendP50Us", micros(latencies.percentileNs(50)))
            .with("appendP99Us", micros(latencies.percentileNs(99)))
            .with("appendP999Us", micros(latencies.percentileNs(99.9)))
            .with("appendMaxUs", micros(latencies.maxNs()));
    }

    String json() {
        try {
            return Json.MAPPER.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One value a line, names in a column. */
    String text() {
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> {
            if (text.length() > 0) text.append(System.lineSeparator());
            text.append(name).append(" ".repeat(width - name.length() + 2)).append(shown(value));
        });
        return text.toString();
    }

    private static String shown(Object value) {
        return value instanceof Long || value instanceof Integer ? String.format(Locale.ROOT, "%,d", value) : value.toString();
    }

    private static double micros(long ns) {
        return ns / 1000.0;
    }
}
