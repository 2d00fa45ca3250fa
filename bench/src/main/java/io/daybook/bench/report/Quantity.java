package io.daybook.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for people: three digits and a prefix that fits. */
final class Quantity {

    private static final int DIGITS = 3;

    private Quantity() {
    }

    /** A value in the unit of a run: {@code 236 ns/event}, {@code 3.6 µs/load}, {@code 4.2 M events/s}, {@code 12 ms}. */
    static String of(double value, String unit) {
        if (unit.equals("ns") || unit.startsWith("ns/")) {
            return time(value) + unit.substring("ns".length());
        }
        if (unit.equals("ms")) {
            return time(value * 1e6);
        }
        return unit.endsWith("/s") ? scaled(value) + " " + unit : digits(value) + " " + unit;
    }

    /** True if less of this unit is better. */
    static boolean lessIsBetter(String unit) {
        return !unit.endsWith("/s");
    }

    /** A span of time that is given in nanoseconds. */
    static String time(double ns) {
        if (ns < 1e3) {
            return ns == 0 ? "0" : digits(ns) + " ns";
        }
        return ns < 1e6 ? digits(ns / 1e3) + " µs" : ns < 1e9 ? digits(ns / 1e6) + " ms" : digits(ns / 1e9) + " s";
    }

    /** A number with k, M or G behind it. */
    static String scaled(double value) {
        if (value < 1e3) {
            return digits(value);
        }
        return value < 1e6 ? digits(value / 1e3) + " k" : value < 1e9 ? digits(value / 1e6) + " M" : digits(value / 1e9) + " G";
    }

    /** A whole number with separators. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A ratio as {@code 1.24 ×}, or {@code 0.81 ×}. */
    static String times(double ratio) {
        return digits(ratio, ratio < 1 ? DIGITS - 1 : DIGITS) + " ×";
    }

    /** Three digits, without an exponent and without zeros that say nothing. */
    static String digits(double value) {
        return digits(value, DIGITS);
    }

    private static String digits(double value, int digits) {
        if (!Double.isFinite(value) || value == 0) {
            return value == 0 ? "0" : "–";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        return rounded.scale() <= 0 ? String.format(Locale.ROOT, "%,.0f", rounded) : rounded.toPlainString();
    }
}
