package io.daybook.kafka;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A network of the kernel's that only the processes started in it see, and that has a loopback and nothing else. It can be cut: packets are
 * then dropped by the kernel, and connections that are begun meanwhile are refused as unreachable.
 */
final class NetworkNamespace implements AutoCloseable {

    private static final int PATIENCE_S = 30;

    private final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /** Makes one; empty if this user may not, or the machine cannot: it needs root and Debian's iproute2. */
    static Optional<NetworkNamespace> create() {
        NetworkNamespace made = new NetworkNamespace("daybook-" + UUID.randomUUID());
        if (!runs("ip", "netns", "add", made.name)) {
            return Optional.empty();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(made::close));
        if (!runs("ip", "-n", made.name, "link", "set", "lo", "up")) {
            made.close();
            return Optional.empty();
        }
        return Optional.of(made);
    }

    /** What stands before a command that is to run in it. */
    List<String> launcher() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Nothing passes any more. */
    void cut() {
        link("down");
    }

    /** All passes again. */
    void heal() {
        link("up");
    }

    private void link(String state) {
        if (!runs("ip", "-n", name, "link", "set", "lo", state)) {
            throw new IllegalStateException("The network does not change: namespace=" + name + " wanted=" + state);
        }
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(PATIENCE_S, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** It is gone once the last process in it has ended. */
    @Override
    public void close() {
        runs("ip", "netns", "delete", name);
    }
}
