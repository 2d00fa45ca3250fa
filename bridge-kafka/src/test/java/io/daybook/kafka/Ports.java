package io.daybook.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Ports of the loopback for brokers to start. A port that was free a moment ago may be another one's by then, so each JVM of
 * tests takes them from a block of its own: whoever holds the block's first port has the block, until its JVM ends. All lie below those
 * that systems give to clients. Nothing but the JDK.
 */
final class Ports {

    private static final int FIRST = 20_000;
    private static final int BLOCK = 500;
    private static final int END = 32_500;

    private static ServerSocket block;
    private static int next;

    private Ports() {
    }

    /** A port at which nobody listens and that no other JVM of tests takes. Thread-safe. */
    static synchronized int free() {
        if (block == null) {
            block = takeBlock();
        }
        for (int tries = 1; tries < BLOCK; tries++) {
            next = next % (BLOCK - 1) + 1;
            ServerSocket free = listen(block.getLocalPort() + next);
            if (free != null) {
                close(free);
                return block.getLocalPort() + next;
            }
        }
        throw new IllegalStateException("All ports of the block are in use: first=" + block.getLocalPort());
    }

    private static ServerSocket takeBlock() {
        for (int first = FIRST; first < END; first += BLOCK) {
            ServerSocket taken = listen(first);
            if (taken != null) {
                return taken;
            }
        }
        throw new IllegalStateException("All blocks of ports are in use: from=" + FIRST + " to=" + END);
    }

    /** Null if somebody else does. */
    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            return null;
        }
    }

    private static void close(ServerSocket free) {
        try {
            free.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
