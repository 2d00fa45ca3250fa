package io.daybook.kafka;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * Asks who answers where a broker should be, before Kafka's client does: that one takes the first four bytes for a length and allocates as
 * much, 336 MiB of the host's heap where it is the alert of a listener that speaks TLS, 1.2 GiB where it is a web server (KAFKA-4090).
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
        if (!settings.properties().getOrDefault("security.protocol", PLAIN).endsWith(PLAIN)) {
            return;
        }
        for (String server : settings.bootstrapServers().split(",")) {
            int colon = server.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                int port = Integer.parseInt(server.substring(colon + 1).trim());
                socket.connect(new InetSocketAddress(server.substring(0, colon).trim(), port), CONNECT_MS);
                socket.setSoTimeout(ANSWER_MS);
                socket.getOutputStream().write(apiVersionsRequest());
                int length = new DataInputStream(socket.getInputStream()).readInt();
                if (length < 0 || length > MOST_BYTES) {
                    throw new BridgeException("What answers is no broker, or one that speaks TLS, see security.protocol: "
                            + settings.servers() + " server=" + server.trim() + " topic=" + settings.topic());
                }
                return;
            } catch (IOException | RuntimeException e) {
                if (e instanceof BridgeException refused) {
                    throw refused;
                }
                // Nobody is there, nothing is said, or the name is none: Kafka's client tells.
            }
        }
    }

    /** Length, ApiVersions (18), version 0, a number, no name: what every broker answers to everybody. */
    private static byte[] apiVersionsRequest() {
        int length = 2 * Short.BYTES + Integer.BYTES + Short.BYTES;
        return ByteBuffer.allocate(Integer.BYTES + length).putInt(length).putShort((short) 18).putShort((short) 0).putInt(0)
                .putShort((short) -1).array();
    }
}
