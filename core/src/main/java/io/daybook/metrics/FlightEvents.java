package io.daybook.metrics;

/**
 * Asks whether anybody records an event, before its class is touched: a trimmed run time may lack the module that the class needs. Any
 * thread.
 *
 * <p>Design note: the question goes to an event that is never written. Until a recording starts its answer is a constant for the JVM's
 * compiler, so nothing of what is asked for remains. Asking the recorder itself would start it.
 */
public final class FlightEvents {

    private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightEvents() {
    }

    /** True if appends are recorded. */
    public static boolean appends() {
        return PRESENT && AppendEvent.isOn();
    }

    /** True if rolls are recorded. */
    public static boolean rolls() {
        return PRESENT && RollEvent.isOn();
    }

    /** A roll that begins now; null if rolls are not recorded. */
    public static RollEvent beginRoll() {
        return rolls() ? RollEvent.begun() : null;
    }

    /** A force that begins now; null if forces are not recorded. */
    public static ForceEvent beginForce() {
        return PRESENT && ForceEvent.isOn() ? ForceEvent.begun() : null;
    }

    /** A flush that begins now; null if flushes are not recorded. */
    public static FlushEvent beginFlush() {
        return PRESENT && FlushEvent.isOn() ? FlushEvent.begun() : null;
    }
}
