/** Latencies and counts as ordinary data. The only package that knows HdrHistogram. */
package io.daybook.metrics;
