package io.daybook.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Stands between clients and a broker on the loopback and can be cut: then nothing passes either way and nobody is told, as when a cable is
 * pulled; connections that are begun meanwhile are taken and lead nowhere. Or it can be slow.
 */
final class LossyNetwork implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket front;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile InetSocketAddress broker;
    private volatile boolean cut;
    private volatile List<String> cutClients = List.of();
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile long cutBytes;

    LossyNetwork() {
        try {
            front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accepting", this::accept);
    }

    /** Where clients come to. */
    String address() {
        return "127.0.0.1:" + front.getLocalPort();
    }

    /** Leads to this broker. */
    void leadTo(String address) {
        int colon = address.lastIndexOf(':');
        broker = new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** Lets nothing through any more; what is under way is lost with its connection. */
    void cut() {
        cut = true;
    }

    /** The same for Kafka's clients of these names and for no others; a client begins with its name, behind its length. */
    void cutOff(String... clients) {
        cutClients = Stream.of(clients).map(name -> "\0" + (char) name.length() + name + "\0").toList();
        cut = true;
    }

    /** Lets so much through each way of a connection. */
    void slowTo(long bytes) {
        bytesPerSecond = bytes;
    }

    /** Bytes that did not come through. */
    long lostBytes() {
        return cutBytes;
    }

    /** Lets new connections through. Those that a cut has met are reset, as a host does that knows nothing of them. */
    void heal() {
        cut = false;
        cutClients = List.of();
        sockets.forEach(LossyNetwork::close);
        sockets.clear();
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                Socket client = front.accept();
                sockets.add(client);
                if (!cut || !cutClients.isEmpty()) {
                    Socket server = new Socket(broker.getAddress(), broker.getPort());
                    sockets.add(server);
                    CompletableFuture<String> beginning = new CompletableFuture<>();
                    start("to the broker", () -> carry(client, server, beginning));
                    start("to the client", () -> carry(server, client, beginning));
                }
            } catch (IOException e) {
                // The broker does not listen, or this was closed.
            }
        }
    }

    /** {@code beginning}: what the client says first, who it is among it. */
    private void carry(Socket from, Socket to, CompletableFuture<String> beginning) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            boolean lossy = false;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                beginning.complete(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
                lossy |= isCut(beginning.join()); // a connection that has lost bytes never carries any again
                if (lossy) {
                    cutBytes += length;
                } else {
                    out.write(buffer, 0, length);
                    LockSupport.parkNanos(length * 1_000_000_000L / bytesPerSecond);
                }
            }
        } catch (IOException e) {
            // One side is gone.
        }
        if (!isCut(beginning.getNow(""))) {
            close(from);
            close(to);
        }
    }

    private boolean isCut(String beginning) {
        return cut && (cutClients.isEmpty() || cutClients.stream().anyMatch(beginning::contains));
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed, then.
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, "network-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            front.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(LossyNetwork::close);
    }
}
