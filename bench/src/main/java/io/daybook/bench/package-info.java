/**
 * The benchmarks of Daybook and of its contenders, on the public API alone, for users to repeat before they believe a claim.
 */
package io.daybook.bench;
