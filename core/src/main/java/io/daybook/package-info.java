/**
 * The public API of Daybook: an embedded, brokerless event store.
 *
 * <p>{@link io.daybook.EventStore} is the way in. A journal in a folder is the only truth; an entity's events are found through an index
 * that may be thrown away at any time; appends are conditional on the version of the entity ({@link io.daybook.Expected}) and atomic over
 * any number of entities ({@link io.daybook.Commit}). Whoever wants to see what is appended follows: {@link io.daybook.Subscription},
 * {@link io.daybook.Poller}.
 *
 * <p>Threading: a store and its subscriptions are thread-safe; cursors, views, appenders and pollers belong to one thread each; a handler
 * runs on the thread that follows; a {@link io.daybook.StoreClock} is asked by whichever thread appends; {@link io.daybook.Commit} and
 * {@link io.daybook.StoreSettings} are filled in by one thread; all other types are immutable values, for any thread. Durability: the
 * caller picks a rung per append ({@link io.daybook.Durability}). Failure: an exception from an append means that nothing was written, but
 * for {@link io.daybook.DurabilityException}, which says where the commit stands. Misuse is an {@link IllegalArgumentException} or {@link
 * IllegalStateException}, everything else a {@link io.daybook.DaybookException}.
 */
package io.daybook;
