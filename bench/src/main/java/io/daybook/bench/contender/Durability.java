package io.daybook.bench.contender;

/** What survives what, when an append has been answered. Contenders are compared within one of these only. */
public enum Durability {
    /** In memory: nothing survives the process. */
    DV,
    /** Survives kill -9 of the process, not a stop of the machine. */
    D0,
    /** A stop of the machine takes no more than the appends of 50 ms and of one force. */
    D1,
    /** The same, of a second and one force. */
    D1S,
    /** Forced to the device before the answer. */
    D2,
    /** The same with many in flight: an append may be answered before, and {@link EventLog#awaitForced} tells when it is forced. */
    D2G
}
