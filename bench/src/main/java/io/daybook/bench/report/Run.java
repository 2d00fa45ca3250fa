package io.daybook.bench.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * One line of {@code results.ndjson}: one contender, measured once in one round.
 *
 * @param variant what of the workload was measured, for instance {@code tail}
 * @param entities of how many entities the events were; 0: it does not apply
 * @param payload bytes of an event's payload
 * @param rate events offered a second; 0: as fast as can be
 * @param order when within its round it ran
 * @param metrics what else was counted, by name; any of them may be missing
 * @param histogram where the latencies lie, relative to the folder and without extension; null: none were taken
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Run(String workload, String variant, String contender, String durability, long entities, String keys, int payload, long rate,
        int batch, int inFlight, int round, int order, String unit, double value, Map<String, JsonNode> metrics, String histogram) {

    Run {
        Objects.requireNonNull(workload, "A run names its workload");
        Objects.requireNonNull(contender, "A run names its contender");
        Objects.requireNonNull(unit, "A run names its unit");
        variant = variant == null ? "" : variant;
        durability = durability == null ? "" : durability;
        keys = keys == null ? "" : keys;
        metrics = metrics == null ? Map.of() : metrics;
    }

    /** What was counted under this name; empty if nothing was, or no number. */
    OptionalDouble metric(String name) {
        JsonNode node = metrics.get(name);
        return node != null && node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
