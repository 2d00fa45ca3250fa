package io.daybook;

import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.agrona.concurrent.IdleStrategy;

/** What is followed, from where, and how one waits for more. Immutable; every method answers a new object. */
public final class Follow {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    private final StartFrom start;
    private Filter filter = Filter.all();
    private Durability visible = Durability.PROCESS;
    private Supplier<IdleStrategy> idle;
    private String name;

    private Follow(StartFrom start) {
        this.start = start;
    }

    private Follow copy() {
        Follow copy = new Follow(start);
        copy.filter = filter;
        copy.visible = visible;
        copy.idle = idle;
        copy.name = name;
        return copy;
    }

    /** From here: the beginning, behind a position, a time, or now. All events, as soon as they are appended. */
    public static Follow from(StartFrom start) {
        return new Follow(Objects.requireNonNull(start, "start"));
    }

    /**
     * Goes on, whenever it is started again, behind the last commit that was handled, or passed over by the filter; the start counts for
     * the first time only. How far it is lies in a file of this name in the journal's folder, also when the store only reads; it is saved
     * after each commit's last event, and forced when it is closed. So after a kill the events of one commit may be seen again, and after a
     * stop of the machine those since the kernel wrote the file back, usually half a minute. An effect that must happen once needs no name:
     * it keeps the position with its own state, and follows {@link #visibleFrom} {@link Durability#DISK}, for only those positions are
     * never given out anew.
     *
     * <p>One at a time, over all processes, has a name. Letters, digits, {@code . _ -}, at most 100, the first a letter, a digit or {@code
     * _}.
     *
     * @throws IllegalArgumentException if the name is not one
     */
    public Follow named(String subscription) {
        if (!NAME.matcher(subscription).matches()) {
            throw new IllegalArgumentException("A subscription's name is 1 to 100 letters, digits, '.', '_', '-', the first not '.' or '-':"
                    + " name=" + subscription);
        }
        Follow copy = copy();
        copy.name = subscription;
        return copy;
    }

    /** Only events that the filter accepts; the others are passed over. A name belongs to one filter for ever. */
    public Follow filter(Filter wanted) {
        Follow copy = copy();
        copy.filter = Objects.requireNonNull(wanted, "wanted");
        return copy;
    }

    /**
     * Only events that are on this rung: with {@link Durability#DISK} no power cut takes back what was seen. {@link Durability#PROCESS} is
     * the default.
     */
    public Follow visibleFrom(Durability rung) {
        Follow copy = copy();
        copy.visible = Objects.requireNonNull(rung, "rung");
        return copy;
    }

    /**
     * How a subscription's thread waits for more. By default it parks, and is woken within a millisecond or so, or within ten when
     * nothing came for a while: a hundred idle subscriptions of a store together (of a store that only reads: each) take less than 1 % of a
     * core.
     * {@code () -> BusySpinIdleStrategy.INSTANCE} takes a core and answers at once. Each subscription gets one of its own.
     */
    public Follow idle(Supplier<IdleStrategy> strategy) {
        Follow copy = copy();
        copy.idle = Objects.requireNonNull(strategy, "strategy");
        return copy;
    }

    /** See {@link #from}. */
    public StartFrom start() {
        return start;
    }

    /** See {@link #named}; null if it has none. */
    public String name() {
        return name;
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
