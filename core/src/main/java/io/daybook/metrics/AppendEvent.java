package io.daybook.metrics;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * {@code io.daybook.Append}: a commit on its way into the journal, from the first look at its heads to its rung, with all waiting for the
 * lock, for room in memory and for the device. Touch it only after {@link FlightEvents#appends()}. Internal: not part of the API.
 */
@Name("io.daybook.Append")
@Label("Append")
@Category("Daybook")
@Description("A commit on its way into the journal, with all waiting")
@Threshold(AppendEvent.DEFAULT_THRESHOLD)
@StackTrace(false)
public final class AppendEvent extends Event {

    /** Shorter ones are not kept, unless a recording asks for them. */
    public static final String DEFAULT_THRESHOLD = "1 ms";

    private static final AppendEvent PROBE = new AppendEvent();

    /** The journal's folder. */
    @Label("Journal")
    public String journal;

    /** Position of the first event; -1 if nothing was written. */
    @Label("Position")
    @Description("Position of the first event; -1 if nothing was written")
    public long position;

    /** Number of events. */
    @Label("Events")
    public int events;

    /** Number of entities, with those that are only checked. */
    @Label("Entities")
    @Description("Entities that are written or only checked")
    public int entities;

    /** Length of the commit in the journal. */
    @Label("Bytes")
    @DataAmount
    public int bytes;

    /** The rung that was asked for. */
    @Label("Durability")
    public String durability;

    /** {@code WRITTEN}, {@code REPEAT}, or the name of what was thrown. */
    @Label("Outcome")
    @Description("WRITTEN, REPEAT, or the name of what was thrown")
    public String outcome;

    static boolean isOn() {
        return PROBE.isEnabled();
    }
}
