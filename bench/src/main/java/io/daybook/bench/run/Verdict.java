package io.daybook.bench.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.bench.workload.Case;
import java.util.Locale;

/**
 * What became of a goal, or of a comparison without one.
 *
 * @param workload   W1 to W11
 * @param contender  whose figure it is
 * @param durability in which class
 * @param entities   how many entities there are
 * @param keys       how they are picked
 * @param payload    bytes of an event
 * @param text       what is measured
 * @param unit       of the value
 * @param value      the figure; a median where there are several rounds
 * @param ratioToRaw raw's figure divided by it, in the same round; null where raw does not do that
 * @param goal       what it should be; null where it is only shown
 * @param met        whether it is; null without a goal
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Verdict(String workload, String contender, String durability, int entities, String keys, int payload, String text,
        String unit, double value, Double ratioToRaw, String goal, Boolean met) {

    /** About this case. */
    static Verdict of(Case about, String text, String unit, double value) {
        return new Verdict(about.workload(), about.contender(), about.durability().name(), about.entities(), about.keys().toString(),
                about.payload(), text, unit, value, null, null, null);
    }

    Verdict ratioToRaw(Double ratio) {
        return new Verdict(workload, contender, durability, entities, keys, payload, text, unit, value, ratio, goal, met);
    }

    Verdict goal(String wanted, boolean isMet) {
        return new Verdict(workload, contender, durability, entities, keys, payload, text, unit, value, ratioToRaw, wanted, isMet);
    }

    /** At least this. */
    Verdict atLeast(double limit) {
        return goal(">= " + shown(limit), value >= limit);
    }

    /** At most this. */
    Verdict atMost(double limit) {
        return goal("<= " + shown(limit), value <= limit);
    }

    /** A number for people. */
    public static String shown(double number) {
        double size = Math.abs(number);
        if (number == Math.rint(number) && size < 1e15) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, size >= 1000 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", number);
    }
}
