package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A Kubernetes client")
@Timeout(60)
class KubernetesClientsTest {
    private MockApiServer api;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        api = MockApiServer.start(0);
        client = KubernetesClients.create(
                ProcessKind.OPERATOR,
                new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + api.port())
                        .build());
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    @DisplayName("knows the kinds that we watch, and doesn't load all the others of Kubernetes for its first object")
    void knowsFewKinds() {
        var serialization = client.getKubernetesSerialization();

        assertThat(serialization.getRegisteredKubernetesResource("v1", "Pod")).isEqualTo(Pod.class);
        assertThat(serialization.getRegisteredKubernetesResource("v1", "ConfigMap"))
                .isNull();
    }

    @Test
    @DisplayName("brings objects of any other kind in their own type all the same, from a watch too")
    void readsAnyKind() {
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        try (var informer = client.configMaps().inNamespace("shop").runnableInformer(0)) {
            informer.addEventHandler(new ResourceEventHandler<>() {
                @Override
                public void onAdd(ConfigMap added) {
                    seen.add(added.getData().get("key"));
                }

                @Override
                public void onUpdate(ConfigMap before, ConfigMap after) {
                    seen.add(after.getData().get("key"));
                }

                @Override
                public void onDelete(ConfigMap deleted, boolean finalStateUnknown) {
                    seen.add("deleted");
                }
            });
            informer.start();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(informer::isWatching);

            client.resource(settings("a")).create();
            client.resource(settings("b")).update();
            client.resource(settings("b")).delete();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(seen).containsExactly("a", "b", "deleted"));
        }
    }

    @Test
    @DisplayName(
            "is connected when the API server has answered, whatever it said, and waited for no longer than it takes to fail")
    void connects() {
        assertThat(KubernetesClients.connect(client).join()).isNull();

        var nowhere = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:1")
                .build();
        try (var other = KubernetesClients.create(ProcessKind.OPERATOR, nowhere)) {
            assertThat(KubernetesClients.connect(other).join()).isNull();
        }
    }

    private static ConfigMap settings(String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("settings")
                .endMetadata()
                .addToData("key", value)
                .build();
    }
}
