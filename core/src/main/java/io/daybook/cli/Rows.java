package io.daybook.cli;

import java.io.IOException;

/** The rows of an input, one after the other. */
interface Rows {

    /** The next row, or null at the end. */
    Row next() throws IOException;
}
