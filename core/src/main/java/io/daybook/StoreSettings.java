package io.daybook;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/**
 * How a store is opened. Filled in by the caller, then concluded: {@code open} takes a copy, so later changes have no effect. One thread.
 *
 * <p>{@link #maxPayloadBytes(int)} and {@link #cycleBytes(long)} are fixed when the journal is created: leave them alone to take what the
 * journal has; another value is refused.
 */
public final class StoreSettings {

    /** The largest payload that can be allowed: 16 MiB. */
    public static final int MAX_PAYLOAD_BYTES = 16 << 20;
    /** The longest name of an entity, in bytes of UTF-8. */
    public static final int MAX_ENTITY_BYTES = 512;
    /** The longest type of an event, in bytes of UTF-8. */
    public static final int MAX_TYPE_BYTES = 255;
    /** The largest metadata of an event, in bytes. */
    public static final int MAX_METADATA_BYTES = 64 << 10;
    /** The highest schema version. */
    public static final int MAX_SCHEMA_VERSION = 0xFFFF;
    /** The most events in a commit. */
    public static final int MAX_COMMIT_EVENTS = 65_536;
    /** The largest commit, in bytes with its envelope. */
    public static final int MAX_COMMIT_BYTES = 64 << 20;
    /** The smallest size at which a journal file can be followed by the next, in bytes. */
    public static final long MIN_CYCLE_BYTES = 1 << 20;
    /** The largest. */
    public static final long MAX_CYCLE_BYTES = 1L << 38;

    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    private int maxPayloadBytes;
    private long cycleBytes;
    private int idWindowEvents = 65_536;
    private long headTableBytes = 128L << 20;
    private long indexCapacity = 1 << 16;
    private long flushEvents = 1 << 20;
    private long headsFileEvents = 4 << 20;
    private long forceIntervalNs;
    private long lowSpaceBytes = 1L << 30;
    private long clockJumpBoundNs = 3_600_000_000_000L;
    private Durability durability = Durability.PROCESS;
    private StoreClock clock = StoreClock.system();
    private ThreadFactory threadFactory = StoreSettings::daemon;
    private boolean untestedLibraries;

    private StoreSettings() {
    }

    /** The defaults, to be changed. */
    public static StoreSettings create() {
        return new StoreSettings();
    }

    StoreSettings conclude() {
        StoreSettings copy = new StoreSettings();
        copy.maxPayloadBytes = maxPayloadBytes;
        copy.cycleBytes = cycleBytes;
        copy.idWindowEvents = idWindowEvents;
        copy.headTableBytes = headTableBytes;
        copy.indexCapacity = indexCapacity;
        copy.flushEvents = flushEvents;
        copy.headsFileEvents = headsFileEvents;
        copy.forceIntervalNs = forceIntervalNs;
        copy.lowSpaceBytes = lowSpaceBytes;
        copy.clockJumpBoundNs = clockJumpBoundNs;
        copy.durability = durability;
        copy.clock = clock;
        copy.threadFactory = threadFactory;
        copy.untestedLibraries = untestedLibraries;
        return copy;
    }

    /** The largest payload that the journal takes, in bytes; fixed at creation; default 1 MiB, at most 16 MiB. */
    public StoreSettings maxPayloadBytes(int bytes) {
        maxPayloadBytes = (int) within("maxPayloadBytes", bytes, 1, MAX_PAYLOAD_BYTES);
        return this;
    }

    /** The size at which a journal file is followed by the next, in bytes; fixed at creation; default 1 GiB, 1 MiB to 256 GiB. */
    public StoreSettings cycleBytes(long bytes) {
        cycleBytes = within("cycleBytes", bytes, MIN_CYCLE_BYTES, MAX_CYCLE_BYTES);
        return this;
    }

    /** In how many of the newest events an id given again is recognised whatever the condition; default 65,536; a power of two. */
    public StoreSettings idWindowEvents(int events) {
        idWindowEvents = (int) powerOfTwo("idWindowEvents", within("idWindowEvents", events, 1, 1 << 24));
        return this;
    }

    /** Memory for the newest versions of entities, in bytes; default 128 MiB, which holds about 1.5 million entities; a power of two. */
    public StoreSettings headTableBytes(long bytes) {
        headTableBytes = powerOfTwo("headTableBytes", within("headTableBytes", bytes, 1 << 18, 1L << 36));
        return this;
    }

    /** Entities for which the index on disk has room at first; it grows by itself; default 65,536. */
    public StoreSettings indexCapacity(long entities) {
        indexCapacity = within("indexCapacity", entities, 64, 1L << 32);
        return this;
    }

    /**
     * After how many events the index on disk is brought up to date, or after half a minute, or five seconds if {@link
     * #headTableBytes(long)} fill up, if that is earlier; default 1,048,576.
     */
    public StoreSettings flushEvents(long events) {
        flushEvents = within("flushEvents", events, 1, Long.MAX_VALUE);
        return this;
    }

    /** After how many events a heads file is published, from which a rebuild of the index can start; default 4,194,304. */
    public StoreSettings headsFileEvents(long events) {
        headsFileEvents = within("headsFileEvents", events, 1, Long.MAX_VALUE);
        return this;
    }

    /**
     * Forces what was appended to the device so often, in the background: a power cut then takes no event that is older than the interval
     * and one force. Zero, the default: never; the operating system writes back by itself, within about half a minute. At least a
     * millisecond, at most a day.
     */
    public StoreSettings forceInterval(Duration interval) {
        boolean tooLong = interval.compareTo(LONGEST_INTERVAL) > 0; // toMillis would overflow
        long ms = tooLong ? Long.MAX_VALUE : interval.toMillis();
        within("forceIntervalMs", ms, interval.isZero() ? 0 : 1, LONGEST_INTERVAL.toMillis());
        forceIntervalNs = interval.toNanos();
        return this;
    }

    /** Below so much free space on the journal's disk a warning is logged, and told by {@link StoreStats}; default 1 GiB; 0: never. */
    public StoreSettings lowSpaceBytes(long bytes) {
        lowSpaceBytes = within("lowSpaceBytes", bytes, 0, Long.MAX_VALUE);
        return this;
    }

    /** A forward jump of the wall clock by more than this many nanoseconds is reported and not followed; default 1 hour. */
    public StoreSettings clockJumpBoundNs(long ns) {
        clockJumpBoundNs = within("clockJumpBoundNs", ns, 1, Long.MAX_VALUE);
        return this;
    }

    /** The rung of appends that name none; default {@link Durability#PROCESS}. */
    public StoreSettings durability(Durability rung) {
        durability = Objects.requireNonNull(rung, "rung");
        return this;
    }

    /** Where commit times come from; default: the machine's clock. */
    public StoreSettings clock(StoreClock newClock) {
        clock = Objects.requireNonNull(newClock, "clock");
        return this;
    }

    /** Makes the store's threads; default: daemons. The store names them {@code daybook-…}. */
    public StoreSettings threadFactory(ThreadFactory factory) {
        threadFactory = Objects.requireNonNull(factory, "factory");
        return this;
    }

    /** True: also open with versions of Chronicle and Agrona that Daybook was not tested with. At your own risk. */
    public StoreSettings untestedLibraries(boolean allowed) {
        untestedLibraries = allowed;
        return this;
    }

    /** See {@link #maxPayloadBytes(int)}; 0: not set. */
    public int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    /** See {@link #cycleBytes(long)}; 0: not set. */
    public long cycleBytes() {
        return cycleBytes;
    }

    /** See {@link #idWindowEvents(int)}. */
    public int idWindowEvents() {
        return idWindowEvents;
    }

    /** See {@link #headTableBytes(long)}. */
    public long headTableBytes() {
        return headTableBytes;
    }

    /** See {@link #indexCapacity(long)}. */
    public long indexCapacity() {
        return indexCapacity;
    }

    /** See {@link #flushEvents(long)}. */
    public long flushEvents() {
        return flushEvents;
    }

    /** See {@link #headsFileEvents(long)}. */
    public long headsFileEvents() {
        return headsFileEvents;
    }

    /** See {@link #forceInterval(Duration)}, in nanoseconds. */
    public long forceIntervalNs() {
        return forceIntervalNs;
    }

    /** See {@link #lowSpaceBytes(long)}. */
    public long lowSpaceBytes() {
        return lowSpaceBytes;
    }

    /** See {@link #clockJumpBoundNs(long)}. */
    public long clockJumpBoundNs() {
        return clockJumpBoundNs;
    }

    /** See {@link #durability(Durability)}. */
    public Durability durability() {
        return durability;
    }

    /** See {@link #clock(StoreClock)}. */
    public StoreClock clock() {
        return clock;
    }

    /** See {@link #threadFactory(ThreadFactory)}. */
    public ThreadFactory threadFactory() {
        return threadFactory;
    }

    /** See {@link #untestedLibraries(boolean)}. */
    public boolean untestedLibraries() {
        return untestedLibraries;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("A setting is out of range: " + name + "=" + value + " least=" + least + " most=" + most);
        }
        return value;
    }

    private static long powerOfTwo(String name, long value) {
        if (Long.bitCount(value) != 1) {
            throw new IllegalArgumentException("A setting is not a power of two: " + name + "=" + value);
        }
        return value;
    }
}
