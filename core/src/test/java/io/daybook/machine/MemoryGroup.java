package io.daybook.machine;

import io.daybook.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A control group of Linux (version 1 or 2) whose processes may use so much memory and no more. Needs root. */
final class MemoryGroup implements AutoCloseable {

    private static final Path FIRST = Path.of("/sys/fs/cgroup/memory");
    private static final Path SECOND = Path.of("/sys/fs/cgroup");
    private static final String JOIN = "echo $$ > \"$1\"/cgroup.procs && shift && exec \"$@\"";

    private final Path folder;
    private final boolean isFirst;

    private MemoryGroup(Path folder, boolean isFirst) {
        this.folder = folder;
        this.isFirst = isFirst;
    }

    /** Makes one. Skips the test where that cannot be done. */
    static MemoryGroup create(long bytes, String test) throws IOException {
        Host.requireRootAnd(test, "sh");
        boolean isFirst = Files.exists(FIRST.resolve("memory.limit_in_bytes"));
        Path folder = (isFirst ? FIRST : SECOND).resolve("daybook-" + ProcessHandle.current().pid());
        MemoryGroup group = new MemoryGroup(folder, isFirst);
        boolean made = false;
        try {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve(isFirst ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
            made = true;
        } catch (IOException e) {
            Files.deleteIfExists(folder);
        }
        Host.require(made, test, "no control group with a limit of memory can be made here");
        return group;
    }

    /** Words of a command line that run what follows them in the group. */
    List<String> command() {
        return List.of("sh", "-c", JOIN, "sh", folder.toString());
    }

    /** Processes that were killed because there was no memory left. */
    long kills() throws IOException {
        for (String line : Files.readAllLines(folder.resolve(isFirst ? "memory.oom_control" : "memory.events"))) {
            if (line.startsWith("oom_kill ")) {
                return Long.parseLong(line.substring("oom_kill ".length()));
            }
        }
        return 0;
    }

    /** The most that was in use at once, files that are kept in memory included. */
    String most() throws IOException {
        Path file = folder.resolve(isFirst ? "memory.max_usage_in_bytes" : "memory.peak");
        return Files.exists(file) ? (Long.parseLong(Files.readString(file).trim()) >> 20) + " MiB" : "unknown";
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder);
    }
}
