/**
 * The workloads W1 to W11: what is done to a contender and how it is timed. Each measurement is one {@link io.daybook.bench.workload.Case},
 * made in a JVM of its own, with one {@link io.daybook.bench.workload.Outcome}.
 *
 * <p>Names, versions and random choices are made before the clock starts, so that a timed loop looks nothing up but in the contender.
 * Throughput is timed closed loop, in chunks of which the median counts. Latency is timed open loop: each operation has a time at which it
 * should begin, and its latency counts from then, whatever held it up.
 */
package io.daybook.bench.workload;
