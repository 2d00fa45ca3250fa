package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A way to keep events. Stateless; any thread. */
public interface Contender {

    /** Its name on the command line and in results, for instance {@code rocksdb}. */
    String name();

    /** Its name for people, for instance {@code RocksDB 11.8.1}. */
    String title();

    /** False for a floor: what checks no version is no rival. */
    boolean checksVersions();

    /** In which it can be opened. */
    Set<Durability> durabilities();

    /** How it is set up, in one line, for the report. */
    String setup();

    /** What this machine lacks to open it, as a sentence; empty if it can be opened. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * How many events a commit has when a store is filled before it is read or opened: 1, as most users append, where the commits stay what
     * they were; many, which is quicker, where only the events are kept.
     */
    default int filledBy() {
        return 500;
    }

    /** Opens what is in the folder, or begins it there. */
    EventLog open(Path folder, Durability durability) throws IOException;
}
