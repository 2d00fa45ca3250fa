/**
 * Runs measurements and keeps what they gave: which cases there are ({@link io.daybook.bench.run.Plan}), in which order they are measured
 * ({@link io.daybook.bench.run.Rounds}), the folder with the results ({@link io.daybook.bench.run.Results}), and the goals that they are
 * held against ({@link io.daybook.bench.run.Goals}).
 */
package io.daybook.bench.run;
