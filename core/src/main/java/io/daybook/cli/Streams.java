package io.daybook.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a command reads and where it writes, so that a test can stand in for a shell.
 *
 * @param in  payloads and rows
 * @param out data
 * @param err progress and messages
 */
record Streams(InputStream in, PrintStream out, PrintStream err) {

    /** Prints one message. */
    void say(String message) {
        err.println(message);
        err.flush();
    }
}
