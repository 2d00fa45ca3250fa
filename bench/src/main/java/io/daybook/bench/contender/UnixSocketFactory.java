package io.daybook.bench.contender;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/** Lets a JDBC driver, which knows sockets of the network only, talk over a Unix socket. Public because the driver makes it by name. */
public final class UnixSocketFactory extends SocketFactory {

    private final String path;

    /** For the socket at this path. */
    public UnixSocketFactory(String path) {
        this.path = path;
    }

    @Override
    public Socket createSocket() throws IOException {
        return new UnixSocket(SocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) throws IOException {
        return createSocket();
    }

    /** A channel with the face of a socket. What a Unix socket has no equal of (timeouts, options of TCP) is taken and has no effect. */
    private static final class UnixSocket extends Socket {
        private final SocketChannel channel;
        private final UnixDomainSocketAddress address;

        UnixSocket(SocketChannel channel, UnixDomainSocketAddress address) {
            this.channel = channel;
            this.address = address;
        }

        @Override
        public void connect(SocketAddress ignored, int timeoutMs) throws IOException {
            channel.connect(address);
        }

        @Override
        public InputStream getInputStream() {
            return Channels.newInputStream(channel);
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(channel);
        }

        @Override
        public boolean isConnected() {
            return channel.isConnected();
        }

        @Override
        public boolean isClosed() {
            return !channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        @Override
        public void setTcpNoDelay(boolean on) {
        }

        @Override
        public void setKeepAlive(boolean on) {
        }

        @Override
        public void setSoTimeout(int timeoutMs) {
        }

        @Override
        public int getSoTimeout() {
            return 0;
        }

        @Override
        public void setReceiveBufferSize(int bytes) {
        }

        @Override
        public int getReceiveBufferSize() {
            return 0;
        }

        @Override
        public void setSendBufferSize(int bytes) {
        }

        @Override
        public int getSendBufferSize() {
            return 0;
        }
    }
}
