package io.daybook.bench;

import java.util.Arrays;
import java.util.Locale;

/** Prints one figure a line, as text or as JSON. */
final class Figures {

    private final boolean json;

    Figures(boolean json) {
        this.json = json;
    }

    /** A figure that a goal may belong to; empty: none. */
    void print(String name, double value, String unit, String goal) {
        if (json) {
            System.out.printf(Locale.ROOT, "{\"figure\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"goal\":\"%s\"}%n",
                    name, rounded(value), unit, goal);
        } else {
            System.out.printf(Locale.ROOT, "%-44s %14s %-9s %s%n", name, rounded(value), unit, goal.isEmpty() ? "" : "goal " + goal);
        }
    }

    /** What must be known about all of them. */
    void describe(String text) {
        System.out.println(json ? "{\"run\":\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}" : text);
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.4f", value);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
