package io.daybook.metrics;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * {@code io.daybook.Roll}: a new journal file is begun, under the store's lock; the event is written once the lock is free. Touch it only
 * through {@link FlightEvents}. Internal: not part of the API.
 */
@Name("io.daybook.Roll")
@Label("Roll")
@Category("Daybook")
@Description("A new journal file is begun; appends wait for it")
@StackTrace(false)
public final class RollEvent extends Event {

    private static final RollEvent PROBE = new RollEvent();

    /** The journal's folder. */
    @Label("Journal")
    public String journal;

    /** Name of the new file. */
    @Label("File")
    public String file;

    /** Position of the first event in it. */
    @Label("Position")
    @Description("Position of the first event in the new file")
    public long position;

    /** Length of the file before, up to the end of its last commit. */
    @Label("Bytes Before")
    @Description("Length of the file before, up to the end of its last commit")
    @DataAmount
    public long bytesBefore;

    static boolean isOn() {
        return PROBE.isEnabled();
    }

    static RollEvent begun() {
        RollEvent event = new RollEvent();
        event.begin();
        return event;
    }
}
