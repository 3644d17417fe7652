package io.gracekeeper.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server of objects in memory that can be stopped and started again on the same port. */
public final class MockApiServer implements AutoCloseable {
    private final KubernetesMockServer server;

    private MockApiServer(KubernetesMockServer server) {
        this.server = server;
    }

    /**
     * Starts one, without objects.
     *
     * @param port where; 0 takes any free one
     */
    public static MockApiServer start(int port) {
        return start(port, new KubernetesCrudDispatcher(), false);
    }

    /**
     * Starts one, without objects, that answers the first watch of each kind with 410 Gone, as an API server does when it has no history that
     * reaches back to where the watch wants to go on.
     */
    public static MockApiServer startWithoutHistory(int port) {
        Set<String> watched = ConcurrentHashMap.newKeySet();
        return start(
                port,
                new KubernetesCrudDispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request) {
                        String path = String.valueOf(request.getPath());
                        return path.contains("watch=true") && watched.add(path.substring(0, path.indexOf('?')))
                                ? new MockResponse().withWebSocketUpgrade(new Gone())
                                : super.dispatch(request);
                    }
                },
                false);
    }

    /** Starts one that speaks HTTP/2, without TLS. */
    public static MockApiServer startWithHttp2() {
        return start(0, new KubernetesCrudDispatcher(), true);
    }

    private static MockApiServer start(int port, KubernetesCrudDispatcher dispatcher, boolean http2) {
        var web = new MockWebServer();
        web.setHttp2ClearTextEnabled(http2);
        var server = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()), web, new HashMap<>(), dispatcher, false);
        server.init(InetAddress.getLoopbackAddress(), port);
        return new MockApiServer(server);
    }

    private static final class Gone extends WebSocketListener {
        @Override
        public void onOpen(WebSocket socket, Response response) {
            socket.send("""
                    {"type":"ERROR","object":{"apiVersion":"v1","kind":"Status","status":"Failure","reason":"Expired",
                    "code":410,"message":"too old resource version"}}""");
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    /** How many requests have arrived. */
    int requests() {
        return server.getRequestCount();
    }

    /** A client of its own; the caller closes it. */
    public KubernetesClient client() {
        return server.createClient();
    }

    @Override
    public void close() {
        server.destroy();
    }
}
