/**
 * The bridge's command line: mirrors a journal that another process owns, compares it with its mirror, restores it from there. Not part of
 * the API.
 */
package io.daybook.kafka.cli;
