package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What contenders are compared in: same durability class, same load, same bytes. Two runs of different cases are never set in relation.
 *
 * @param events how many were in the journal, where that is what was varied; else 0
 */
record Case(String durability, long entities, String keys, int payload, long rate, int batch, int inFlight, String unit, long events)
        implements Comparable<Case> {

    /** The variant in which the size of the journal is varied. */
    static final String SIZE = "size";

    private static final Comparator<Case> ORDER = Comparator.comparing(Case::durability).thenComparing(Case::unit)
            .thenComparingInt(Case::payload).thenComparingLong(Case::events).thenComparingLong(Case::entities).thenComparing(Case::keys)
            .thenComparingInt(Case::batch).thenComparingInt(Case::inFlight).thenComparingLong(Case::rate);

    static Case of(Run run) {
        long events = run.variant().equals(SIZE) ? (long) run.metric("events").orElse(0) : 0;
        return new Case(run.durability(), run.entities(), run.keys(), run.payload(), run.rate(), run.batch(), run.inFlight(), run.unit(),
                events);
    }

    /** The same but for the offered rate: what one curve of latency against load has in common. */
    Case atAnyRate() {
        return new Case(durability, entities, keys, payload, 0, batch, inFlight, unit, events);
    }

    /** The same at any number of entities. */
    Case atAnyEntities() {
        return new Case(durability, 0, keys, payload, rate, batch, inFlight, unit, events);
    }

    /** The same with any number of events in the journal. */
    Case atAnyEvents() {
        return new Case(durability, entities, keys, payload, rate, batch, inFlight, unit, 0);
    }

    /** For people: what is not said here is the default. */
    String text() {
        List<String> parts = new ArrayList<>();
        if (!durability.isEmpty()) {
            parts.add(durability);
        }
        if (events > 0) {
            parts.add(Quantity.count(events) + " events");
        }
        if (entities > 0) {
            parts.add(Quantity.count(entities) + " entities" + (keys.isEmpty() ? "" : ", " + keys));
        }
        if (payload > 0) {
            parts.add(payload + " B");
        }
        if (batch > 1) {
            parts.add(batch + " events a commit");
        }
        if (inFlight > 1) {
            parts.add(inFlight + " in flight");
        }
        if (rate > 0) {
            parts.add(Quantity.count(rate) + " events/s offered");
        }
        return String.join(" · ", parts);
    }

    @Override
    public int compareTo(Case other) {
        return ORDER.compare(this, other);
    }
}
