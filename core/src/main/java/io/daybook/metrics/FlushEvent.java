package io.daybook.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * {@code io.daybook.Flush}: the index on disk is brought up to date, beside the appends and with its rests. Touch it only through {@link
 * FlightEvents}. Internal: not part of the API.
 */
@Name("io.daybook.Flush")
@Label("Flush")
@Category("Daybook")
@Description("The index on disk is brought up to date, beside the appends and with its rests")
@StackTrace(false)
public final class FlushEvent extends Event {

    private static final FlushEvent PROBE = new FlushEvent();

    /** The journal's folder. */
    @Label("Journal")
    public String journal;

    /** The index on disk holds everything before this position. */
    @Label("Position")
    @Description("The index on disk holds everything before this position")
    public long position;

    /** Number of events that it did not hold before. */
    @Label("Events")
    @Description("Events that the index on disk did not hold before")
    public long events;

    /** Number of heads that were written. */
    @Label("Entities")
    @Description("Entities whose heads were written")
    public long entities;

    /** What was thrown; null if it was done. */
    @Label("Failure")
    public String failure;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static FlushEvent begun() {
        FlushEvent event = new FlushEvent();
        event.begin();
        return event;
    }
}
