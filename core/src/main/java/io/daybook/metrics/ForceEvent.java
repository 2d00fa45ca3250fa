package io.daybook.metrics;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * {@code io.daybook.Force}: the journal is forced to the device, for all that wait. Touch it only through {@link FlightEvents}. Internal:
 * not part of the API.
 */
@Name("io.daybook.Force")
@Label("Force")
@Category("Daybook")
@Description("The journal is forced to the device, for all that wait")
@StackTrace(false)
public final class ForceEvent extends Event {

    private static final ForceEvent PROBE = new ForceEvent();

    /** The journal's folder. */
    @Label("Journal")
    public String journal;

    /** Everything before this position is forced, unless it failed. */
    @Label("Position")
    @Description("Everything before this position is forced, unless it failed")
    public long position;

    /** Number of events that were not known to be forced before. */
    @Label("Events")
    @Description("Events that were not known to be forced before")
    public long events;

    /** Length of the ranges that were handed to the device. */
    @Label("Bytes")
    @DataAmount
    public long bytes;

    /** What was thrown; null if the device did as it was told. */
    @Label("Failure")
    public String failure;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static ForceEvent begun() {
        ForceEvent event = new ForceEvent();
        event.begin();
        return event;
    }
}
