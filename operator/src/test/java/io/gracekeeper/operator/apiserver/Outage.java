package io.gracekeeper.operator.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to an API server that can be cut: open connections break, new ones are refused, until it is restored. */
public final class Outage implements AutoCloseable {
    private final int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    /** A way that works. */
    public Outage(int target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
        accept(server);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** The API server is gone. */
    public void begin() {
        closeQuietly(server);
        open.forEach(Outage::closeQuietly);
        open.clear();
    }

    /** It is back. */
    public void end() {
        server = listen(port);
        accept(server);
    }

    @Override
    public void close() {
        begin();
    }

    private static ServerSocket listen(int port) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listening) {
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
                    open.add(client);
                    open.add(behind);
                    Thread.ofVirtual().start(() -> pump(client, behind));
                    Thread.ofVirtual().start(() -> pump(behind, client));
                } catch (IOException closed) {
                    // The loop's condition tells whether that was the end.
                }
            }
        });
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException broken) {
            // Both ends are closed by now, which is what the other side is to see.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception alreadyGone) {
            // That is what was wanted.
        }
    }
}
