package io.daybook.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.BiConsumer;

/** What the tree was at some commits of a history, told by somebody else than the events. In the order of the history, read once. */
interface KnownTrees extends Closeable {

    /** Label of the commit that {@link #forEach} is about; null if there is none left. */
    String label() throws IOException;

    /** Hands out every path of the tree, by the name of its entity, and goes on to the next commit. */
    void forEach(BiConsumer<String, PathState> path) throws IOException;
}
