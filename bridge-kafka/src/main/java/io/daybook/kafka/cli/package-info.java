/** The bridge's command line: a journal that another process owns is mirrored, and compared with its mirror. Not part of the API. */
package io.daybook.kafka.cli;
