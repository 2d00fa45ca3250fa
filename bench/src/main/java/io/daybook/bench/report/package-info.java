/**
 * The page to look at: what a results folder holds, as one HTML file that needs nothing else.
 *
 * <p>{@link io.daybook.bench.report.ReportPage} reads a folder of {@code environment.json}, {@code goals.json}, {@code results.ndjson} and
 * {@code histograms/*.hlog}, and writes tables and plots. It computes nothing that the raw files do not hold: medians and ranges over
 * rounds, ratios within a round, percentiles of the merged histograms. Percentiles are never averaged. Where a contender is better than
 * Daybook the page says so in words, and nothing can switch that off.
 *
 * <p>Plots are drawn by XChart onto Batik's SVG canvas, for two widths, and the page shows the one that fits. Their colours are CSS
 * variables, so one drawing serves light and dark. There is no script in the page, no font and no file beside it.
 *
 * <p>Single-threaded. No display is needed, but the fonts of the machine are: labels are measured before they are placed.
 */
package io.daybook.bench.report;
