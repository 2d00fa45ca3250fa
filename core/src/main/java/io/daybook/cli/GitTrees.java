package io.daybook.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Trees as {@code git ls-tree} tells them. */
final class GitTrees implements KnownTrees {

    private final Git git;
    private final List<String> stops;
    private final String newest;
    private final String head;
    private int next;

    /** The trees of these commits; at the end that of {@code newest}, which is {@code head}'s. */
    GitTrees(Git git, List<String> stops, String newest, String head) {
        this.git = git;
        this.stops = List.copyOf(stops);
        this.newest = newest;
        this.head = head;
    }

    @Override
    public String label() {
        if (next < stops.size()) return stops.get(next);
        return next == stops.size() ? newest : null;
    }

    @Override
    public void forEach(BiConsumer<String, PathState> path) throws IOException {
        try (GitOutput tree = git.tree(next < stops.size() ? stops.get(next) : head)) {
            for (byte[] entry = tree.next(); entry != null; entry = tree.next()) {
                int tab = 0;
                while (entry[tab] != '\t') tab++;
                String[] fields = new String(entry, 0, tab, StandardCharsets.US_ASCII).split(" ");
                path.accept(PathName.of(Arrays.copyOfRange(entry, tab + 1, entry.length)).entity(), PathState.of(fields[0], fields[2]));
            }
        }
        next++;
    }

    @Override
    public void close() {
        // Each look at a tree closes what it opened.
    }
}
