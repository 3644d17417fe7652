package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    @DisplayName("is kept where it answers")
    void isKept() {
        try (KubernetesClient client = client(new ConnectionGuard(Duration.ofMillis(50), Duration.ofSeconds(1)))) {
            ask(client);
            int made = proxy.made();
            int asked = api.requests();
            Awaitility.await().until(() -> api.requests() >= asked + 10);
            assertThat(proxy.made()).isEqualTo(made);
        }
    }

    /** Where it is replaced, what is in flight ends at once; where it is kept, by its own limit. */
    @Test
    @DisplayName("is kept where nobody answers by a new one either")
    void isKeptWhereNobodyAnswers() {
        try (KubernetesClient client = client(new ConnectionGuard(Duration.ofMillis(50), Duration.ofMillis(100)))) {
            ask(client);
            proxy.refuse();
            proxy.freeze();
            int made = proxy.made();
            assertThatThrownBy(() -> ask(client)).hasRootCauseInstanceOf(HttpTimeoutException.class);
            assertThat(proxy.made()).isGreaterThan(made);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    @DisplayName("is kept where who answers by a new one has too much to do, or isn't the API server:")
    void isKeptWhereNothingIsWon(int status) throws IOException {
        HttpServer busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var asked = new AtomicInteger();
        busy.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        busy.start();
        try (KubernetesClient client = client(new ConnectionGuard(Duration.ofMillis(50), Duration.ofMillis(100)))) {
            ask(client);
            proxy.redirect(busy.getAddress().getPort());
            proxy.freeze();
            assertThatThrownBy(() -> ask(client)).hasRootCauseInstanceOf(HttpTimeoutException.class);
            assertThat(asked).hasPositiveValue();
        } finally {
            busy.stop(0);
        }
    }

    @Test
    @DisplayName("is looked at less often where new ones fall silent as well, down to once in five minutes")
    void backsOff() {
        var guard = new ConnectionGuard();
        assertThat(IntStream.of(0, 1, 2, 5, 6, 1_000).mapToObj(guard::pause))
                .extracting(Duration::toSeconds)
                .containsExactly(10L, 20L, 40L, 320L, 320L, 320L);
    }

    @Test
    @DisplayName("is nobody's once the client is closed, and so are the guard's questions")
    void ends() {
        KubernetesClient client = client(new ConnectionGuard(Duration.ofMillis(50), Duration.ofMillis(500)));
        int before = api.requests();
        Awaitility.await().until(() -> api.requests() >= before + 2);
        client.close();
        int asked = api.requests();
        int made = proxy.made();
        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .until(() -> api.requests() <= asked + 1 && proxy.made() == made); // One may be on its way.
    }

    private static void ask(KubernetesClient client) {
        client.namespaces().list();
    }
}
