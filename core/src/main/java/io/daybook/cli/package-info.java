/**
 * The command line, {@code java -jar daybook.jar}: an application on the public API, and no part of the embedded jar's promises.
 *
 * <p>Data goes to stdout, progress and messages to stderr; with {@code --json} the data is one JSON object a line. Exit codes: 0 well, 1
 * something is wrong (a conflict, damage, a mismatch, no journal, a journal in use, a malformed row), 2 misuse. What is expected to go
 * wrong is told in one sentence with {@code name=value} pairs and without a stack trace.
 *
 * <p>{@code import} and {@code demo} can be killed at any moment and run again. Every event that they append carries in its metadata the
 * fingerprint of its source and how far in the source it stands; commits are atomic and are made in the order of the source; so the newest
 * event of a source tells up to where it is in the journal, and all that a second run needs is that one event.
 */
package io.daybook.cli;
