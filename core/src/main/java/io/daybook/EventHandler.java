package io.daybook;

/**
 * Takes the events of a {@link Subscription} or a {@link Poller}, one at a time and in order, always on the thread that follows. It may
 * append to the store, and may close its own subscription.
 */
@FunctionalInterface
public interface EventHandler {

    /**
     * Takes an event. Whatever it throws stops the subscription before this event: {@link Subscription#position()} stays at the one before.
     *
     * @param event valid until this method returns; {@link EventView#copy()} what is needed longer
     * @throws Exception to stop
     */
    void onEvent(EventView event) throws Exception;

    /**
     * The end of the journal was reached for the first time: from here on events come as they are appended. Whatever it throws stops the
     * subscription, too.
     *
     * @param position of the last event that was looked at; -1 if there was none
     */
    default void onCaughtUp(long position) {
    }

    /**
     * Nothing more will come. Not called for a {@link Poller}.
     *
     * @param failure what stopped the subscription; null if it was closed, or its store was
     */
    default void onStopped(Throwable failure) {
    }
}
