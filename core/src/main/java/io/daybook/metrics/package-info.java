/**
 * Latencies and counts as ordinary data, and the store's events for the JDK's flight recorder. The only package that knows HdrHistogram and
 * {@code jdk.jfr}.
 *
 * <p>Four events, in the category Daybook, for whatever starts a recording ({@code jcmd PID JFR.start}, {@code -XX:StartFlightRecording},
 * a {@code jdk.jfr.Recording}): {@link io.daybook.metrics.AppendEvent io.daybook.Append}, {@link io.daybook.metrics.ForceEvent
 * io.daybook.Force}, {@link io.daybook.metrics.RollEvent io.daybook.Roll}, {@link io.daybook.metrics.FlushEvent io.daybook.Flush}. All are
 * on unless a recording says otherwise; of appends only those that took {@value io.daybook.metrics.AppendEvent#DEFAULT_THRESHOLD} or more
 * are kept, for a store takes millions a second. None is written while the store's lock is held. As long as nothing is recorded they cost
 * nothing. In a run time without the module {@code jdk.jfr} there are none, and the store works without. Internal: not part of the API, but
 * for the names of the events and their fields.
 */
package io.daybook.metrics;
