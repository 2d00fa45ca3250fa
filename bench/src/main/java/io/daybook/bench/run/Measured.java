package io.daybook.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Outcome;
import java.io.IOException;

/**
 * A case and what it gave, once; in files one flat JSON object a line.
 *
 * @param about   what was measured
 * @param round   in which round, from 1 on
 * @param order   as the how-manieth of the run
 * @param outcome what it gave
 */
public record Measured(Case about, int round, int order, Outcome outcome) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As one line. */
    String toLine() {
        ObjectNode line = JSON.valueToTree(about);
        line.put("round", round).put("order", order);
        line.setAll((ObjectNode) JSON.valueToTree(outcome));
        return line.toString();
    }

    /** From one line. */
    static Measured parse(String line) throws IOException {
        ObjectNode all = (ObjectNode) JSON.readTree(line);
        int round = all.remove("round").asInt();
        int order = all.remove("order").asInt();
        ObjectNode outcome = JSON.createObjectNode();
        for (String name : new String[] {"unit", "value", "metrics", "histogram"}) {
            JsonNode value = all.remove(name);
            outcome.set(name, value);
        }
        return new Measured(JSON.treeToValue(all, Case.class), round, order, JSON.treeToValue(outcome, Outcome.class));
    }

    double value() {
        return outcome.value();
    }

    double metric(String name) {
        return outcome.metrics().getOrDefault(name, Double.NaN);
    }
}
