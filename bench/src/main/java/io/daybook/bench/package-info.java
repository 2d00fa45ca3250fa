/**
 * The benchmarks of Daybook, on the public API alone, for users to repeat before they believe a claim.
 *
 * <pre>
 * java -jar benchmarks.jar quick                  # a short look beside raw Chronicle Queue and the embedded peers
 * java -jar benchmarks.jar quick --rounds 5       # the same five times, by turns
 * java -jar benchmarks.jar run W1 W5 --rounds 5   # workloads by name
 * java -jar benchmarks.jar matrix --out DIR       # everything, for hours; goes on where it was stopped
 * java -jar benchmarks.jar report DIR             # a page of what was measured
 * java -jar benchmarks.jar jmh Append -prof gc    # JMH itself, with all its options
 * </pre>
 *
 * <p>{@link io.daybook.bench.workload} is what is measured, {@link io.daybook.bench.contender} beside whom, {@link io.daybook.bench.run}
 * in which order and against which goals, {@link io.daybook.bench.report} how it is shown. The micro benchmarks are {@link
 * io.daybook.bench.AppendBenchmark W1}, {@link io.daybook.bench.BatchBenchmark W3}, {@link io.daybook.bench.LoadBenchmark W5} and {@link
 * io.daybook.bench.ReplayBenchmark W6}, each beside Chronicle Queue used directly for the same bytes. That is a floor and no rival: it
 * checks no version, finds no entity and sums nothing.
 *
 * <p>How. Names, versions and random choices are made beforehand, so a measured loop looks nothing up but in the store, and what {@code
 * -prof gc} counts was allocated by the store. Names lie in memory in the order of their use, as they do for a caller that has just
 * parsed one. Raw documents have the length that the store's have, found by looking at one; the readers read the very same documents.
 * Where bytes are written, a number of events is timed and not a span of time, so all contenders write the same bytes and the disk does
 * not fill; just before, a file of that size is written and deleted, because memory that a virtual machine gave back to its host costs
 * more than the append. Contenders take turns, each time in a new JVM; a ratio is taken within a round, and the median of the rounds is
 * shown with its range. Differences smaller than that range mean nothing. On a machine that does other work ratios are worth something
 * and nanoseconds are not.
 *
 * <p>Journals lie beside the jar, or in the folder that {@code -Ddaybook.bench.folder} or {@code --folder} names, and are deleted
 * afterwards. They need up to 4 GiB. On a {@code tmpfs} the figures are those of memory.
 */
package io.daybook.bench;
