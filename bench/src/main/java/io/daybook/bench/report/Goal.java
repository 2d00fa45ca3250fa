package io.daybook.bench.report;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One entry of {@code goals.json}, judged by the runner; the report only shows it.
 *
 * @param text what was aimed at, in words
 * @param value what was measured; null: nothing was
 * @param unit of the value; null or empty: none
 * @param limit what it was compared with
 * @param met null: not judged
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Goal(String workload, String variant, String contender, String durability, long entities, String keys, int payload, String text,
        JsonNode value, String unit, @JsonAlias("goal") JsonNode limit, Boolean met) {

    /** What it was judged in, for people. */
    String where() {
        List<String> parts = new ArrayList<>();
        Stream.of(workload, variant, contender == null ? null : Entrant.named(contender).title(), durability)
                .filter(each -> each != null && !each.isEmpty()).forEach(parts::add);
        if (entities > 0) {
            parts.add(Quantity.count(entities) + " entities" + (keys == null || keys.isEmpty() ? "" : ", " + keys));
        }
        if (payload > 0) {
            parts.add(payload + " B");
        }
        return String.join(" · ", parts);
    }

    /** The value and its unit. */
    String measured() {
        return shown(value) + (unit == null || unit.isEmpty() ? "" : " " + unit);
    }

    /** A number with three digits, a text as it is. */
    static String shown(JsonNode value) {
        return value == null || value.isNull() ? Table.NONE : value.isNumber() ? Quantity.digits(value.asDouble()) : value.asText();
    }
}
