package io.daybook.guarantees;

import io.daybook.Durability;
import java.util.ArrayList;
import java.util.List;

/**
 * How a {@link ChildWriter} appends.
 *
 * @param threads  that append
 * @param several  commits of several events, not single events
 * @param rung     that each append waits for
 */
record WriterMode(int threads, boolean several, Durability rung) {

    /** One and four threads, single events and commits of several, both rungs. */
    static List<WriterMode> all() {
        List<WriterMode> all = new ArrayList<>();
        for (Durability rung : List.of(Durability.PROCESS, Durability.DISK)) {
            for (boolean several : new boolean[] {false, true}) {
                for (int threads : new int[] {1, 4}) {
                    all.add(new WriterMode(threads, several, rung));
                }
            }
        }
        return all;
    }

    static WriterMode of(String text) {
        return all().stream().filter(mode -> mode.toString().equals(text)).findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return threads + "x" + (several ? "commits" : "single") + "-" + rung;
    }
}
