package io.gracekeeper.image.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * As much of an API server as the two processes need in order to start and to work, over TLS and HTTP/2 as the real one: get,
 * list, watch, create, update, patch, delete. It checks nothing and defaults nothing, and refuses every dry run, as the canary
 * wants it. Only for the training run; tests have the real one.
 */
final class StandInApiServer implements AutoCloseable {
    private static final String BY_NAME = "metadata.name=";

    private final ObjectMapper json = new ObjectMapper();
    private final YAMLMapper yaml = new YAMLMapper();
    private final ObjectStore store = new ObjectStore(json);
    private final Server server = new Server(new VirtualThreadPool());
    private final ServerConnector connector;

    /** Starts it on a free port of the loopback interface. */
    StandInApiServer(Path keyStore, String password) {
        var tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keyStore.toString());
        tls.setKeyStorePassword(password);
        var http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer(false));
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        connector = new ServerConnector(
                server,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(http),
                new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                answer(request, response);
                callback.succeeded();
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the stand-in for the API server does not start", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    ObjectStore store() {
        return store;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the stand-in for the API server does not stop", e);
        }
    }

    private void answer(Request request, Response response) throws IOException {
        ApiPath path = ApiPath.of(Request.getPathInContext(request));
        var query = Request.extractQueryParameters(request);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        OutputStream out = Content.Sink.asOutputStream(response);
        if (request.getHeaders().contains(HttpHeader.UPGRADE)) {
            response.setStatus(503); // No WebSockets here: the client then watches by a plain GET.
            return;
        }
        if ("true".equals(query.getValue("watch"))) {
            stream(
                    store.watch(
                            selected(path, query.getValue("fieldSelector")), since(query.getValue("resourceVersion"))),
                    response,
                    out);
            return;
        }
        JsonNode body = yaml.readTree(Content.Source.asString(request));
        boolean dryRun = query.get("dryRun") != null;
        JsonNode answer = dryRun
                ? status(422, "Invalid")
                : isList(request, path)
                        ? store.list(selected(path, query.getValue("fieldSelector")))
                        : perform(request, path, body);
        if (answer.path("kind").asText().equals("Status")) {
            response.setStatus(answer.path("code").asInt());
        } else if (request.getMethod().equals("POST")) {
            response.setStatus(201);
        }
        out.write(json.writeValueAsBytes(answer));
        out.close();
    }

    private static boolean isList(Request request, ApiPath path) {
        return request.getMethod().equals("GET") && path.name().isEmpty();
    }

    /** A collection, or the one object of it that a selector names; other selectors select everything. */
    private static ApiPath selected(ApiPath collection, @Nullable String fieldSelector) {
        return fieldSelector != null && fieldSelector.startsWith(BY_NAME)
                ? collection.named(fieldSelector.substring(BY_NAME.length()))
                : collection;
    }

    /** Without a resourceVersion a watch begins with everything that is there, as the real one does. */
    private static long since(@Nullable String resourceVersion) {
        return resourceVersion == null || resourceVersion.isEmpty() ? 0 : Long.parseLong(resourceVersion);
    }

    private JsonNode perform(Request request, ApiPath path, JsonNode body) {
        ObjectNode found = path.name().isEmpty() ? null : store.get(path.object());
        return switch (request.getMethod()) {
            case "GET" -> found == null ? status(404, "NotFound") : found;
            case "POST" -> create(path, (ObjectNode) body);
            case "PUT" -> store.put(path.object(), (ObjectNode) body);
            case "PATCH" ->
                store.put(path.object(), patched(request, found == null ? json.createObjectNode() : found, body));
            case "DELETE" -> {
                store.delete(path);
                yield status(200, "");
            }
            default -> status(405, "MethodNotAllowed");
        };
    }

    private ObjectNode create(ApiPath path, ObjectNode body) {
        if (path.resource().equals("selfsubjectrulesreviews")) {
            body.putObject("status")
                    .put("incomplete", false)
                    .putArray("resourceRules")
                    .addObject()
                    .<ObjectNode>set("verbs", json.createArrayNode().add("*"))
                    .<ObjectNode>set("apiGroups", json.createArrayNode().add("*"))
                    .set("resources", json.createArrayNode().add("*"));
            body.withObject("/status").putArray("nonResourceRules");
            return body;
        }
        JsonNode metadata = body.path("metadata");
        String name = metadata.path("name").asText(metadata.path("generateName").asText() + "x");
        return store.put(path.named(name), body);
    }

    private ObjectNode patched(Request request, ObjectNode object, JsonNode patch) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type != null && type.startsWith("application/json-patch+json")) {
            return (ObjectNode) JsonPatch.apply(patch, object);
        }
        return merge(object, patch);
    }

    private ObjectNode merge(ObjectNode object, JsonNode patch) {
        for (var field : patch.properties()) {
            JsonNode old = object.get(field.getKey());
            if (field.getValue().isNull()) {
                object.remove(field.getKey());
            } else if (old instanceof ObjectNode inner && field.getValue().isObject()) {
                merge(inner, field.getValue());
            } else {
                object.set(field.getKey(), field.getValue());
            }
        }
        return object;
    }

    private static void stream(BlockingQueue<String> events, Response response, OutputStream out) throws IOException {
        try (var blocker = Blocker.callback()) {
            response.write(false, BufferUtil.EMPTY_BUFFER, blocker); // The headers, at once.
            blocker.block();
        }
        try {
            while (true) {
                String event = events.poll(1, TimeUnit.HOURS);
                if (event == null) {
                    return;
                }
                out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ObjectNode status(int code, String reason) {
        return json.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", code < 400 ? "Success" : "Failure")
                .put("reason", reason)
                .put("message", "admission webhook \"validate.workloads.gracekeeper.io\" denied the request: stand-in")
                .put("code", code);
    }
}
