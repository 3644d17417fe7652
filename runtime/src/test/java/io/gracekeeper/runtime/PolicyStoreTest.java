package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.EngineSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The policy store")
@Timeout(240)
class PolicyStoreTest {
    private @Nullable MockApiServer api;
    private KubernetesClient client;
    private PolicyStore store;

    @BeforeEach
    void start() {
        api = MockApiServer.start(0);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + api.port())
                .build();
        client = KubernetesClients.create(ProcessKind.WEBHOOK, config);
        store = new PolicyStore(client, new EngineSettings(3600));
    }

    @AfterEach
    void stop() {
        store.close();
        client.close();
        stopApiServer();
    }

    @Test
    @DisplayName("is synced when what was there at the start is in use, also when that is nothing")
    void syncsEmpty() {
        assertThat(store.hasSynced()).isFalse();
        store.start();

        await().until(store::hasSynced);
        assertThat(names()).isEmpty();
    }

    @Test
    @DisplayName("follows what is created, changed and deleted, and tells its listeners")
    void follows() {
        var changes = new AtomicInteger();
        store.onChange(() -> {
            throw new IllegalStateException("a listener that fails stops nobody else");
        });
        store.onChange(changes::incrementAndGet);
        apply(policy("web", 10));
        store.start();
        await().until(() -> names().equals(List.of("web")));

        apply(policy("api", 10));
        await().until(() -> names().equals(List.of("api", "web")));
        client.resource(policy("web", 10)).delete();
        await().until(() -> names().equals(List.of("api")));
        assertThat(changes).hasValueGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("leaves a policy out that asks for more than the cap, says why, and uses the others")
    void leavesOutInvalid() {
        apply(policy("good", 10));
        apply(policy("greedy", 4000));
        store.start();

        await().until(store::hasSynced);
        assertThat(names()).containsExactly("good");
        assertThat(store.snapshot().errors("shop", "greedy")).isNotEmpty();
        assertThat(store.policies()).hasSize(2);
    }

    @Test
    @DisplayName("waits for an API server that isn't there yet")
    void waitsForApiServer() {
        int port = api().port();
        stopApiServer();
        store.start();
        await().during(Duration.ofSeconds(2)).until(() -> !store.hasSynced());

        startApiServer(port);
        apply(policy("late", 10));
        await().until(() -> names().equals(List.of("late")));
    }

    @Test
    @DisplayName("keeps what it knows while the API server is gone, and lists again by itself when it is back")
    void survivesOutage() {
        apply(policy("before", 10));
        store.start();
        await().until(() -> names().equals(List.of("before")));

        int port = api().port();
        stopApiServer();
        await().until(() -> !store.isWatching());
        await().during(Duration.ofSeconds(3)).until(() -> names().equals(List.of("before")) && store.hasSynced());

        // "before" was deleted and "after" created while nobody watched, and nobody remembers.
        api = MockApiServer.startWithoutHistory(port);
        apply(policy("after", 10));
        await().until(() -> names().equals(List.of("after")));
        await().until(store::isWatching);
    }

    @Test
    @DisplayName("follows policies of the cluster, exceptions and the labels of namespaces as well")
    void followsAllKinds() {
        store.start();
        await().until(store::hasSynced);
        create(namespace("shop", "prod"));
        create(clusterPolicy("baseline", "prod"));
        await().until(() -> names().equals(List.of("baseline")));

        create(exception("vendor"));
        await().until(() -> store.policiesIn("shop").exceptions().size() == 1);
        assertThat(store.policiesIn("shop").namespaceLabels()).containsEntry("env", "prod");

        client.resource(namespace("shop", "test")).update();
        await().until(() -> names().isEmpty());
        client.resource(exception("vendor")).delete();
        await().until(() -> store.policiesIn("shop").exceptions().isEmpty());
        assertThat(store.inputs().clusterPolicies()).hasSize(1);
    }

    /** Longer than the longest pause of an informer between two attempts, with room for a machine that has other work. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private List<String> names() {
        return store.policiesIn("shop").policies().stream()
                .map(CompiledPolicy::reference)
                .map(reference -> reference.name())
                .toList();
    }

    private MockApiServer api() {
        if (api == null) {
            throw new IllegalStateException("no API server is running");
        }
        return api;
    }

    private void startApiServer(int port) {
        api = MockApiServer.start(port);
    }

    private void stopApiServer() {
        if (api != null) {
            api.close();
            api = null;
        }
    }

    private void apply(GracefulShutdownPolicy policy) {
        create(policy);
    }

    private void create(HasMetadata object) {
        try (KubernetesClient other = api().client()) {
            other.resource(object).create();
        }
    }

    private static GracefulShutdownPolicy policy(String name, int drainDelaySeconds) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        policy.setSpec(new GracefulShutdownPolicySpec(
                null, new Requirements(drainDelaySeconds, 20, 5, null), null, null, null));
        return policy;
    }

    private static Namespace namespace(String name, String env) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("env", env))
                .endMetadata()
                .build();
    }

    private static ClusterGracefulShutdownPolicy clusterPolicy(String name, String env) {
        var policy = new ClusterGracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder().withName(name).build());
        policy.setSpec(Serialization.unmarshal("""
                {"namespaceSelector": {"matchLabels": {"env": "%s"}}, "requirements": {"shutdownSeconds": 20}}
                """.formatted(env), ClusterGracefulShutdownPolicySpec.class));
        return policy;
    }

    private static ShutdownException exception(String name) {
        var exception = new ShutdownException();
        exception.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        exception.setSpec(Serialization.unmarshal("""
                {"target": {"kind": "Deployment", "names": ["billing"]}, "rules": ["BudgetFits"], "reason": "OPS-9",
                 "expiresAt": "2027-03-01T00:00:00Z"}
                """, ShutdownExceptionSpec.class));
        return exception;
    }
}
