/**
 * The benchmarks of Daybook, on the public API alone, for users to repeat before they believe a claim.
 *
 * <pre>
 * java -jar benchmarks.jar first-look             # W1, W5, W6 beside raw Chronicle Queue: one table
 * java -Xmx512m -jar benchmarks.jar scale         # ten million events on a million entities
 * java -jar benchmarks.jar Append -prof gc        # JMH itself, with all its options
 * </pre>
 *
 * <p>What is measured. {@link io.daybook.bench.AppendBenchmark W1}: one writer appends events of 128 bytes with an expected version.
 * {@link io.daybook.bench.BatchBenchmark W3}: the same in atomic commits. {@link io.daybook.bench.LoadBenchmark W5}: an entity of ten events is loaded. {@link io.daybook.bench.ReplayBenchmark W6}: everything
 * is read in order. Each stands beside Chronicle Queue used directly for the same bytes. That is a floor and no rival: it checks no
 * version, finds no entity and sums nothing. Durability is that of the default: what was appended survives the death of the process, not
 * of the machine.
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
