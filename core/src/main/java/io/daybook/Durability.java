package io.daybook;

/** The rungs of the durability ladder. Each implies the ones before it; the caller picks one per append. */
public enum Durability {
    /** The commit survives the death of the process (kill -9): it is in the page cache of the operating system. */
    PROCESS,
    /** The commit was forced to the device: it survives a power cut. */
    DISK,
    /** The commit is in Kafka. Needs the bridge; without it this rung is refused with {@link IllegalStateException}. */
    REPLICATED
}
