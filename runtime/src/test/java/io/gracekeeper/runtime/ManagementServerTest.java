package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The management port")
class ManagementServerTest {
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final AtomicBoolean synced = new AtomicBoolean();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();
    private ManagementServer server;

    @BeforeEach
    void open() throws IOException {
        var liveness = new ReadinessGates();
        liveness.require("virtual threads", alive::get);
        var readiness = new ReadinessGates();
        readiness.require("policies", synced::get);
        readiness.require("certificate", synced::get);
        server = new ManagementServer(0, liveness, readiness, registry).start();
    }

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    @Test
    @DisplayName("says ready only when every gate is open, and until then which are not")
    void readiness() throws Exception {
        var before = get("/readyz");
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).isEqualTo("not ready: policies, certificate\n");

        synced.set(true);
        var after = get("/readyz");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("ready\n");
    }

    @Test
    @DisplayName("says that it has started when it is ready, so that the kubelet doesn't have to ask again")
    void startsWhenReady() throws Exception {
        var started = http.sendAsync(HttpRequest.newBuilder(uri("/startz")).build(), BodyHandlers.ofString());
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(started).isNotDone();

        synced.set(true);
        assertThat(started.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);

        alive.set(false);
        var dead = get("/startz");
        assertThat(dead.statusCode()).isEqualTo(503);
        assertThat(dead.body()).isEqualTo("not alive: virtual threads\n");
    }

    @Test
    @DisplayName("says alive until a watchdog falls silent")
    void liveness() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);

        alive.set(false);
        var dead = get("/livez");
        assertThat(dead.statusCode()).isEqualTo(503);
        assertThat(dead.body()).isEqualTo("not alive: virtual threads\n");
    }

    @Test
    @DisplayName("shows our metrics and the JVM's in the text format of Prometheus")
    void metrics() throws Exception {
        registry.counter("gracekeeper_reviews_total", "outcome", "denied").increment();

        var metrics = get("/metrics");

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.body())
                .contains("gracekeeper_reviews_total{outcome=\"denied\"} 1.0")
                .contains("jvm_memory_used_bytes")
                .contains("process_uptime_seconds");
        assertThat(get("/metrics").body()).containsOnlyOnce("# TYPE jvm_memory_used_bytes");
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @DisplayName("answers what it doesn't have with 404, and what it doesn't do with 405")
    @CsvSource({
        "GET, /, 404",
        "GET, /livez/x, 404",
        "GET, /metricsz, 404",
        "POST, /readyz, 405",
        "DELETE, /metrics, 405",
        "HEAD, /livez, 200"
    })
    void refusals(String method, String path, int status) throws Exception {
        var request = HttpRequest.newBuilder(uri(path))
                .method(method, BodyPublishers.noBody())
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(status);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
