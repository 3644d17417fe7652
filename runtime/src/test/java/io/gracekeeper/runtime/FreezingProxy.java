package io.gracekeeper.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and a server, and can lose what passes on the connections that are open, as a firewall does that has forgotten
 * them: nothing arrives any more, and nothing is closed. New connections work.
 */
public final class FreezingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private volatile InetSocketAddress server;
    private volatile boolean refusing;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    private FreezingProxy(ServerSocket listening, InetSocketAddress server) {
        this.listening = listening;
        this.server = server;
    }

    /** Starts one on a free port of 127.0.0.1. */
    public static FreezingProxy to(String host, int port) {
        try {
            var proxy = new FreezingProxy(
                    new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), new InetSocketAddress(host, port));
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Loses from now on what is sent on the connections that are open, and says how many they are. */
    public int freeze() {
        List<Connection> open = connections.stream().filter(Connection::isOpen).toList();
        open.forEach(connection -> connection.frozen = true);
        return open.size();
    }

    /** Leaves new connections without an answer from now on, as if the server were gone. */
    public void refuse() {
        refusing = true;
    }

    /** Connects new ones to another server of the same host. */
    public void redirect(int port) {
        server = new InetSocketAddress(server.getAddress(), port);
    }

    /** How many connections were made up to now. */
    public int made() {
        return connections.size();
    }

    private void accept() {
        try {
            while (true) {
                connect(listening.accept());
            }
        } catch (IOException e) {
            // Closed: no more connections.
        }
    }

    private void connect(Socket client) {
        var connection = new Connection(client, new Socket());
        connection.frozen = refusing;
        try {
            connection.server.connect(server);
        } catch (IOException e) {
            connection.close(); // The server is away.
            return;
        }
        connections.add(connection);
        Thread.ofVirtual().start(() -> connection.pump(client, connection.server));
        Thread.ofVirtual().start(() -> connection.pump(connection.server, client));
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.forEach(Connection::close);
    }

    private static final class Connection {
        private final Socket client;
        private final Socket server;
        private volatile boolean frozen;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        boolean isOpen() {
            return !frozen && !client.isClosed();
        }

        private void pump(Socket from, Socket to) {
            byte[] bytes = new byte[16 * 1024];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    if (!frozen) {
                        out.write(bytes, 0, read);
                        out.flush();
                    }
                }
            } catch (IOException e) {
                // The other direction closed it.
            }
            if (!frozen) { // Not even that somebody closed it arrives.
                close();
            }
        }

        private void close() {
            try (client;
                    server) {
                frozen = true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
