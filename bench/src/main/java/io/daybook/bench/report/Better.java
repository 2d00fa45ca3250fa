package io.daybook.bench.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Says in words where a contender is better than Daybook. What it finds is always printed. */
final class Better {

    /** What would be shown as 1 ×. */
    private static final double SLIGHTLY = 1.005;

    private Better() {
    }

    /** A sentence for each row that beats Daybook's of the same case. */
    static List<String> sentences(Map<Case, List<Row>> rows) {
        List<String> sentences = new ArrayList<>();
        rows.forEach((setting, ofCase) -> daybook(ofCase).ifPresent(daybook -> {
            String word = setting.unit().startsWith("bytes") ? "is smaller" : "is faster";
            for (Row row : ofCase) {
                OptionalDouble times = row.timesAsGoodAs(daybook);
                if (row != daybook && times.isPresent() && times.getAsDouble() > 1) {
                    sentences.add(subject(row) + word + " here: " + by(times.getAsDouble()) + where(setting));
                }
            }
        }));
        return sentences;
    }

    /** A sentence for each row with a percentile, or a maximum, below Daybook's of the same case. */
    static List<String> sentences(Map<Case, List<Row>> rows, Map<Row, Latency> latencies) {
        List<String> sentences = new ArrayList<>();
        rows.forEach((setting, ofCase) -> daybook(ofCase).filter(latencies::containsKey).ifPresent(daybook -> {
            for (Row row : ofCase) {
                if (row != daybook && latencies.containsKey(row)) {
                    String lower = lower(latencies.get(row), latencies.get(daybook));
                    if (!lower.isEmpty()) {
                        sentences.add(subject(row) + "has lower latency here: " + lower + where(setting));
                    }
                }
            }
        }));
        return sentences;
    }

    private static String lower(Latency peer, Latency daybook) {
        List<String> parts = new ArrayList<>();
        for (double percentile : Latency.SHOWN) {
            if (peer.at(percentile) < daybook.at(percentile)) {
                String name = BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
                parts.add(name + "% " + by(daybook.at(percentile) / Math.max(1, peer.at(percentile))));
            }
        }
        if (peer.max() < daybook.max()) {
            parts.add("maximum " + by(daybook.max() / Math.max(1, peer.max())));
        }
        return String.join(", ", parts);
    }

    private static String by(double times) {
        return times < SLIGHTLY ? "by less than 0.5%" : Quantity.times(times);
    }

    private static Optional<Row> daybook(List<Row> rows) {
        return rows.stream().filter(row -> row.entrant().isDaybook()).findFirst();
    }

    private static String subject(Row row) {
        return row.entrant().title() + (row.entrant().floor() ? " (a floor: no version check) " : " ");
    }

    private static String where(Case setting) {
        return setting.text().isEmpty() ? "." : " (" + setting.text() + ").";
    }
}
