package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * An axis: labelled marks at 0, 1, 2 …, and where between them a value lies. The plotting library is given positions only, so it needs to
 * know of no logarithm and no percentile, and puts a label at each mark or, where they would touch, at every second, fifth or tenth.
 */
final class Scale {

    /** Beyond this quotient of largest and smallest value a linear axis hides the small ones. */
    private static final double WIDE = 20;
    private static final int MOST_MARKS = 6;
    /** So far beyond the last mark an axis may reach that has room for texts. */
    private static final int MORE_MARKS = 9;
    private static final double NEAR = 1e-6;

    private final List<String> labels;
    private final int marks;
    private final DoubleUnaryOperator position;
    private final String kind;

    private Scale(List<String> labels, int marks, DoubleUnaryOperator position, String kind) {
        this.labels = labels;
        this.marks = marks;
        this.position = position;
        this.kind = kind;
    }

    /** For bars: logarithmic if the values spread widely, from a little below the lowest, which has a length then; else linear from 0. */
    static Scale fitting(double lowest, double highest, DoubleFunction<String> label) {
        return lowest > 0 && highest / lowest > WIDE ? logarithmic(lowest * 0.9, highest, label) : linear(highest, label);
    }

    /** From 0 to at least this value, which is above 0. */
    static Scale linear(double highest, DoubleFunction<String> label) {
        double rough = Math.max(highest, Double.MIN_NORMAL) / MOST_MARKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
        List<String> labels = new ArrayList<>();
        int marks = 1 + (int) Math.ceil(highest / step);
        for (int i = 0; i < marks + MORE_MARKS; i++) {
            labels.add(label.apply(i * step));
        }
        return new Scale(labels, marks, value -> value / step, "linear");
    }

    /** A mark at each power of ten, from the one below the lowest value to the one above the highest. */
    static Scale logarithmic(double lowest, double highest, DoubleFunction<String> label) {
        int first = (int) Math.floor(Math.log10(lowest) + NEAR);
        int last = Math.max(first + 1, (int) Math.ceil(Math.log10(highest) - NEAR));
        List<String> labels = new ArrayList<>();
        for (int i = first; i <= last + MORE_MARKS; i++) {
            labels.add(label.apply(Math.pow(10, i)));
        }
        return new Scale(labels, last - first + 1, value -> Math.log10(value) - first, "logarithmic");
    }

    /**
     * HdrHistogram's axis: 1/(1-p) on a logarithmic scale, so that each further nine takes as much room as the one before. It begins at
     * 50 % and ends with the maximum, which has no percentile and stands one mark behind the last.
     */
    static Scale percentiles(int nines) {
        List<String> labels = new ArrayList<>(List.of("50%", "90%"));
        for (int i = 2; i <= nines; i++) {
            labels.add(i == 2 ? "99%" : "99." + "9".repeat(i - 2) + "%");
        }
        labels.add("max");
        double half = Math.log10(2);
        DoubleUnaryOperator position = percentile -> {
            double rarity = -Math.log10(1 - percentile / 100);
            return rarity < 1 ? (rarity - half) / (1 - half) : Math.min(rarity, nines + 1);
        };
        return new Scale(labels, labels.size(), position, "percentile");
    }

    /** One mark a name; a value is the number of a name. */
    static Scale names(List<String> names) {
        return new Scale(List.copyOf(names), names.size(), value -> value, "names");
    }

    double position(double value) {
        return position.applyAsDouble(value);
    }

    /**
     * What stands at a position on an axis that ends there: blank but at a mark. Between two marks all blanks are alike, so the plotting
     * library goes on to wider steps until it meets marks alone; outside, where nothing is painted, stand different letters, as it gives
     * up on an axis whose ends are alike.
     */
    String label(double at, double end) {
        int mark = (int) Math.round(at);
        if (Math.abs(at - mark) < NEAR && mark >= 0 && mark <= end && mark < labels.size()) {
            return labels.get(mark);
        }
        return at < 0 ? letter('A', -mark) : at > marks - 1 ? letter('a', mark) : " ";
    }

    private static String letter(char first, int number) {
        return Character.toString((char) (first + number));
    }

    /** All labels that there may be, also of marks behind the last. */
    List<String> labels() {
        return labels;
    }

    /** How many marks it takes to hold the values; an axis that is longer has more. */
    int marks() {
        return marks;
    }

    /** For a caption: {@code linear}, {@code logarithmic} … */
    String kind() {
        return kind;
    }
}
