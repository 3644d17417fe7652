package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What watches do meanwhile is shown on a real API server, by HalfDeadConnectionApiServerIT. */
@DisplayName("A connection to the API server that loses everything and is not closed")
@Timeout(120)
class ConnectionGuardTest {
    private MockApiServer api;
    private FreezingProxy proxy;

    @BeforeEach
    void start() {
        api = MockApiServer.startWithHttp2();
        proxy = FreezingProxy.to("127.0.0.1", api.port());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        api.close();
    }

    private KubernetesClient client(ConnectionGuard guard) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + proxy.port())
                .withOnlyHttpWatches(true)
                .withRequestTimeout(1_000)
                .withRequestRetryBackoffLimit(0)
                .build();
        return KubernetesClients.create(config, guard);
    }

    @Test
    @DisplayName("is replaced soon, whatever was sent over it")
    void isReplaced() {
        try (KubernetesClient client = client(new ConnectionGuard(Duration.ofSeconds(1), Duration.ofSeconds(1)))) {
            ask(client);
            assertThat(proxy.freeze()).isPositive();
            int made = proxy.made();

            assertThatThrownBy(() -> ask(client)).isInstanceOf(KubernetesClientException.class);
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> ask(client));
            assertThat(proxy.made()).isEqualTo(made + 1);
        }
    }

    @Test
    @DisplayName("stays in use for ever without a guard: requests fail by it, one after the other")
    void staysWithoutGuard() {
        try (KubernetesClient client = client(new ConnectionGuard(Duration.ofHours(1), Duration.ofSeconds(1)))) {
            ask(client);
            proxy.freeze();
            int made = proxy.made();

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> ask(client)).isInstanceOf(KubernetesClientException.class);
            }
            assertThat(proxy.made()).isEqualTo(made);
        }
    }

    @Test
    @DisplayName("is kept where it answers, and where nobody does")
    void isKept() throws IOException {
        try (KubernetesClient client = client(new ConnectionGuard(Duration.ofMillis(50), Duration.ofSeconds(1)))) {
            ask(client);
            int made = proxy.made();
            Awaitility.await().during(Duration.ofSeconds(1)).until(() -> proxy.made() == made);

            proxy.refuse();
            proxy.freeze();
            assertThatThrownBy(() -> ask(client)).isInstanceOf(KubernetesClientException.class);
            proxy.admit();
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> ask(client));
        }
    }

    @Test
    @DisplayName("is nobody's once the client is closed, and so are the guard's questions")
    void ends() {
        KubernetesClient client = client(new ConnectionGuard(Duration.ofMillis(50), Duration.ofMillis(500)));
        ask(client);
        client.close();
        int made = proxy.made();
        Awaitility.await().during(Duration.ofSeconds(1)).until(() -> proxy.made() == made);
    }

    private static void ask(KubernetesClient client) {
        client.namespaces().list();
    }
}
