package io.daybook;

import java.util.Objects;
import java.util.function.Supplier;
import org.agrona.concurrent.IdleStrategy;

/** What is followed, from where, and how one waits for more. Immutable; every method answers a new object. */
public final class Follow {

    private final StartFrom start;
    private final Filter filter;
    private final Durability visible;
    private final Supplier<IdleStrategy> idle;

    private Follow(StartFrom start, Filter filter, Durability visible, Supplier<IdleStrategy> idle) {
        this.start = start;
        this.filter = filter;
        this.visible = visible;
        this.idle = idle;
    }

    /** From here: the beginning, behind a position, a time, or now. All events, as soon as they are appended. */
    public static Follow from(StartFrom start) {
        return new Follow(Objects.requireNonNull(start, "start"), Filter.all(), Durability.PROCESS, null);
    }

    /** Only events that the filter accepts; the others are passed over. */
    public Follow filter(Filter wanted) {
        return new Follow(start, Objects.requireNonNull(wanted, "wanted"), visible, idle);
    }

    /**
     * Only events that are on this rung: with {@link Durability#DISK} no power cut takes back what was seen. {@link Durability#PROCESS} is
     * the default.
     */
    public Follow visibleFrom(Durability rung) {
        return new Follow(start, filter, Objects.requireNonNull(rung, "rung"), idle);
    }

    /**
     * How a subscription's thread waits for more. By default it parks, and is woken within a millisecond or so: all idle subscriptions of a
     * store together cost one look a millisecond (of a store that only reads: each), measured as 2 to 3 % of a core. {@code () ->
     * BusySpinIdleStrategy.INSTANCE} takes a core and answers at once. Each subscription gets one of its own.
     */
    public Follow idle(Supplier<IdleStrategy> strategy) {
        return new Follow(start, filter, visible, Objects.requireNonNull(strategy, "strategy"));
    }

    /** See {@link #from}. */
    public StartFrom start() {
        return start;
    }

    /** See {@link #filter(Filter)}. */
    public Filter filter() {
        return filter;
    }

    /** See {@link #visibleFrom(Durability)}. */
    public Durability visible() {
        return visible;
    }

    /** See {@link #idle(Supplier)}; null for the default. */
    public Supplier<IdleStrategy> idle() {
        return idle;
    }
}
