/**
 * Following: catch up with the journal, then go on with what is appended. {@link io.daybook.subscribe.Follower} is the way from event to
 * event, {@link io.daybook.subscribe.FollowerThread} a thread that walks it. Neither is known to the writer. Internal: not part of the API.
 */
package io.daybook.subscribe;
