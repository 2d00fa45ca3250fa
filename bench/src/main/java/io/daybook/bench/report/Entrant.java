package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A contender as the page shows it. Name, colour and marker are the same all over the page. The page stands on the results alone and does
 * not ask what this build could measure: a folder may come from another one.
 *
 * @param name as in the results
 * @param title for people
 * @param floor true for what checks no version: a floor and no rival
 * @param colour number of its colour and marker
 */
record Entrant(String name, String title, boolean floor, int colour) implements Comparable<Entrant> {

    /** How many colours there are; the last is for all that are not known here. */
    static final int COLOURS = 13;

    static final String DAYBOOK = "daybook";
    static final String RAW = "raw";

    private static final List<Entrant> KNOWN = known(
            rival(DAYBOOK, "Daybook"), floor(RAW, "Chronicle Queue, raw"), rival("queuemap", "Queue + Map"), rival("lmdb", "LMDB"),
            rival("rocksdb", "RocksDB"), rival("sqlite", "SQLite"), rival("h2mvstore", "H2 MVStore"), rival("axon", "Axon in memory"),
            floor("aeron", "Aeron Archive"), floor("kafka", "Kafka"), rival("postgresql", "PostgreSQL"),
            rival("message-db", "message-db"));

    static Entrant named(String name) {
        return KNOWN.stream().filter(each -> each.name.equals(name)).findFirst()
                .orElseGet(() -> new Entrant(name, name, false, COLOURS - 1));
    }

    private static Entrant rival(String name, String title) {
        return new Entrant(name, title, false, 0);
    }

    private static Entrant floor(String name, String title) {
        return new Entrant(name, title, true, 0);
    }

    private static List<Entrant> known(Entrant... entrants) {
        List<Entrant> known = new ArrayList<>();
        for (Entrant each : entrants) {
            known.add(new Entrant(each.name, each.title, each.floor, known.size()));
        }
        return List.copyOf(known);
    }

    boolean isDaybook() {
        return name.equals(DAYBOOK);
    }

    @Override
    public int compareTo(Entrant other) {
        return colour != other.colour ? Integer.compare(colour, other.colour) : name.compareTo(other.name);
    }
}
