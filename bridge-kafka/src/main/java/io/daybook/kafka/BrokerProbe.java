package io.daybook.kafka;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Looks who answers where a broker should be, before Kafka's client does. That one takes the first four bytes for a length and allocates as
 * much: 336 MiB of the host's heap for the alert of a listener that speaks TLS, 1.2 GiB for a web server (KAFKA-4090). Blocks for up to
 * three seconds for each server that says nothing; nothing ends that earlier.
 */
final class BrokerProbe {

    private static final int CONNECT_MS = 1000;
    private static final int ANSWER_MS = 2000;
    private static final int MOST_BYTES = 1 << 20;
    private static final String PLAIN = "PLAINTEXT";

    private BrokerProbe() {
    }

    /**
     * Asks the first of the servers that can be reached, if it is to be spoken to without TLS. Who says nothing is left to Kafka's client.
     *
     * @throws BridgeException if what answers is no broker, or one that speaks TLS
     */
    static void requireBroker(BridgeSettings settings) {
        if (!settings.properties().getOrDefault("security.protocol", PLAIN).toUpperCase(Locale.ROOT).endsWith(PLAIN)) {
            return;
        }
        for (String server : settings.bootstrapServers().split(",")) {
            OptionalInt length = answeredLength(server.trim());
            if (length.isPresent()) {
                if (length.getAsInt() < 0 || length.getAsInt() > MOST_BYTES) {
                    throw new BridgeException("What answers is no broker, or one that speaks TLS, see security.protocol: "
                            + settings.whereAndHow() + " server=" + server.trim() + " topic=" + settings.topic());
                }
                return;
            }
        }
    }

    /** What Kafka's client would take for a length; empty if nobody is there, nothing is said, or the name is none: that client tells. */
    private static OptionalInt answeredLength(String server) {
        int colon = server.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(server.substring(colon + 1));
            socket.connect(new InetSocketAddress(server.substring(0, colon), port), CONNECT_MS);
            socket.setSoTimeout(ANSWER_MS);
            socket.getOutputStream().write(apiVersionsRequest());
            return OptionalInt.of(new DataInputStream(socket.getInputStream()).readInt());
        } catch (IOException | RuntimeException e) {
            return OptionalInt.empty();
        }
    }

    /** Length, ApiVersions (18), version 0, a number, no name: what every broker answers to everybody. */
    private static byte[] apiVersionsRequest() {
        int length = 2 * Short.BYTES + Integer.BYTES + Short.BYTES;
        return ByteBuffer.allocate(Integer.BYTES + length).putInt(length).putShort((short) 18).putShort((short) 0).putInt(0)
                .putShort((short) -1).array();
    }
}
