package io.gracekeeper.operator.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.policy.PolicyInputs;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The CRUD mock of fabric8, with what the operator needs and the mock lacks: server-side apply (without field ownership: what an
 * apply leaves out of {@code status} goes away, elsewhere it stays), merge patches with a resourceVersion precondition, dry runs,
 * admission, rules reviews, and faults on demand.
 */
public final class FakeApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger MOCK_LOG = Logger.getLogger(MockWebServer.class.getName());

    private final Dispatcher dispatcher = new Dispatcher();
    private final KubernetesMockServer server;
    private final NamespacedKubernetesClient client;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Admission admission = Admission.NONE;
    private volatile Function<Request, Optional<Integer>> faults = request -> Optional.empty();

    /** One request that arrived. */
    public record Request(String method, String path, String contentType, String body) {
        /** Whether it changes something. */
        public boolean writes() {
            return !method.equals("GET");
        }
    }

    /** Starts it on a free port. */
    public FakeApiServer() {
        MOCK_LOG.setLevel(Level.WARNING);
        server = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()), new MockWebServer(), new HashMap<>(), dispatcher, false);
        server.init();
        server.expectCustomResource(
                CustomResourceDefinitionContext.fromCustomResourceType(GracefulShutdownPolicy.class));
        for (Class<? extends CustomResource<?, ?>> type :
                List.of(ClusterGracefulShutdownPolicy.class, ShutdownException.class, RolloutAudit.class)) {
            server.expectCustomResource(CustomResourceDefinitionContext.fromCustomResourceType(type));
        }
        server.expectCustomResource(new CustomResourceDefinitionContext.Builder()
                .withGroup("wgpolicyk8s.io")
                .withVersion("v1alpha2")
                .withKind("PolicyReport")
                .withPlural("policyreports")
                .withScope("Namespaced")
                .build());
        client = server.createClient();
    }

    /** A client without limits on retries or time. */
    public NamespacedKubernetesClient client() {
        return client;
    }

    /** The port that it listens on, without TLS. */
    public int port() {
        return server.getPort();
    }

    /** A client's configuration for reaching it on another port, behind a proxy. */
    public Config configuration(int port) {
        return new ConfigBuilder(client.getConfiguration())
                .withMasterUrl("http://localhost:" + port)
                .build();
    }

    /** The policies of namespaces that are stored, read without a request: for admission, which runs on the server's own thread. */
    public List<GracefulShutdownPolicy> storedPolicies() {
        return stored("gracefulshutdownpolicies", GracefulShutdownPolicy.class);
    }

    /** All that is stored and decides about workloads, read without a request. */
    public PolicyInputs storedInputs() {
        return new PolicyInputs(
                storedPolicies(),
                stored("clustergracefulshutdownpolicies", ClusterGracefulShutdownPolicy.class),
                stored("shutdownexceptions", ShutdownException.class),
                Map.of());
    }

    private <T> List<T> stored(String plural, Class<T> type) {
        MockResponse stored = dispatcher.handleGet("/apis/gracekeeper.io/v1alpha1/" + plural);
        JsonNode items = read(new String(stored.getBody().getBytes(), StandardCharsets.UTF_8))
                .path("items");
        List<T> objects = new ArrayList<>();
        items.forEach(item -> objects.add(Serialization.unmarshal(item.toString(), type)));
        return objects;
    }

    /** Has somebody else hold a Lease for ten minutes, even if its holder renews it all the time. */
    public void takeOver(String namespace, String name) {
        await().ignoreException(KubernetesClientException.class).until(() -> {
            client.leases().inNamespace(namespace).withName(name).edit(lease -> {
                lease.getSpec().setHolderIdentity("somebody-else");
                lease.getSpec().setLeaseDurationSeconds(600);
                lease.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
                return lease;
            });
            return true;
        });
    }

    /** Puts admission webhooks in front. */
    public void admit(Admission webhooks) {
        admission = webhooks;
    }

    /** Answers the requests for which a status is given with that status. */
    public void fail(Function<Request, Optional<Integer>> faulty) {
        faults = faulty;
    }

    /** Everything that has arrived. */
    public List<Request> requests() {
        return requests;
    }

    /** The requests that change something, by a part of their path. */
    public List<Request> writes(String path) {
        return requests.stream()
                .filter(request -> request.writes() && request.path().contains(path))
                .toList();
    }

    @Override
    public void close() {
        client.close();
        try {
            server.destroy();
        } catch (IllegalStateException busy) {
            // The mock gives itself ten seconds to stop. Where that is not enough it ends with the JVM, and nobody
            // minds.
            MOCK_LOG.log(Level.WARNING, "the mock did not stop in time", busy);
        }
    }

    private final class Dispatcher extends KubernetesCrudDispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest received) {
            // A body can be read once, so the request goes on with a copy of it.
            String body = received.getUtf8Body();
            var request = new Request(
                    received.getMethod(), received.getPath(), String.valueOf(received.getHeader("Content-Type")), body);
            requests.add(request);
            var copy = new RecordedRequest(
                    received.getHttpVersion(),
                    received.method(),
                    received.getPath(),
                    received.getHeaders(),
                    new Buffer(body.getBytes(StandardCharsets.UTF_8)));
            return faults.apply(request)
                    .map(code -> status(code, "a fault that the test asked for"))
                    .orElseGet(() -> super.dispatch(copy));
        }

        @Override
        public synchronized MockResponse handleCreate(RecordedRequest request) {
            ObjectNode object = read(request.getUtf8Body());
            String path = withoutQuery(request);
            if (path.endsWith("/selfsubjectrulesreviews")) {
                return json(201, object.set("status", read("""
                        {"incomplete": false, "nonResourceRules": [],
                         "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]}""")));
            }
            try {
                ObjectNode admitted = path.endsWith("/deployments") ? admission.admit(object, null) : object;
                return request.getPath().contains("dryRun=All")
                        ? json(201, admitted)
                        : super.handleCreate(with(request, HttpMethod.POST, path, admitted));
            } catch (Refused refused) {
                return status(refused.code(), refused.getMessage());
            }
        }

        @Override
        public synchronized MockResponse handlePatch(RecordedRequest request) {
            String type = String.valueOf(request.getHeader("Content-Type"));
            boolean apply = type.startsWith("application/apply-patch");
            if (!apply && !type.startsWith("application/merge-patch") && !type.startsWith("application/strategic")) {
                return super.handlePatch(new RecordedRequest(
                        request.getHttpVersion(),
                        HttpMethod.PATCH,
                        withoutQuery(request),
                        request.getHeaders(),
                        request.getBody()));
            }
            String path = withoutQuery(request);
            boolean status = path.endsWith("/status");
            String object = status ? path.substring(0, path.length() - "/status".length()) : path;
            ObjectNode patch = read(request.getUtf8Body());
            MockResponse stored = handleGet(object);
            if (stored.code() == 404) {
                return apply && !status ? handleCreate(with(request, HttpMethod.POST, parent(object), patch)) : stored;
            }
            ObjectNode old = read(new String(stored.getBody().getBytes(), StandardCharsets.UTF_8));
            JsonNode precondition = patch.path("metadata").path("resourceVersion");
            if (precondition.isTextual()
                    && !precondition.equals(old.path("metadata").path("resourceVersion"))) {
                return status(409, "the object has been modified");
            }
            return store(request, object, old, patched(old, patch, status));
        }

        private MockResponse store(RecordedRequest request, String path, ObjectNode old, ObjectNode wanted) {
            try {
                ObjectNode admitted = path.contains("/deployments/") ? admission.admit(wanted, old) : wanted;
                return admitted.equals(old)
                        ? json(200, old)
                        : handleUpdate(with(request, HttpMethod.PUT, path, admitted));
            } catch (Refused refused) {
                return status(refused.code(), refused.getMessage());
            }
        }

        private static ObjectNode patched(ObjectNode old, ObjectNode patch, boolean status) {
            ObjectNode wanted = old.deepCopy();
            if (status) {
                return wanted.set("status", patch.path("status"));
            }
            patch.remove("status");
            applyMerge(wanted, patch);
            return wanted;
        }
    }

    /** RFC 7386. */
    private static void applyMerge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode object && target.get(field.getKey()) instanceof ObjectNode inner) {
                applyMerge(inner, object);
            } else {
                target.set(field.getKey(), value);
            }
        });
    }

    private static RecordedRequest with(RecordedRequest request, HttpMethod method, String path, ObjectNode body) {
        var headers = Headers.builder().add("Content-Type", "application/json").build();
        return new RecordedRequest(
                request.getHttpVersion(),
                method,
                path,
                headers,
                new Buffer(body.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static MockResponse json(int code, JsonNode body) {
        return new MockResponse().setResponseCode(code).setBody(body.toString());
    }

    private static MockResponse status(int code, String message) {
        return json(
                code,
                JSON.createObjectNode()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("status", "Failure")
                        .put("message", message)
                        .put("code", code));
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) Serialization.yamlMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutQuery(RecordedRequest request) {
        int query = request.getPath().indexOf('?');
        return query < 0 ? request.getPath() : request.getPath().substring(0, query);
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
