package io.gracekeeper.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The operator's process")
class OperatorMainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final FakeApiServer api = new FakeApiServer();

    @TempDir
    Path folder;

    private Process process;
    private int managementPort;

    @AfterEach
    void stop() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        api.close();
    }

    @Test
    @DisplayName("becomes ready, leads, and after SIGTERM exits with 0 and gives the Lease back")
    void sigterm() throws Exception {
        start(Map.of());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/readyz")).as(log()).isEqualTo(200));
        assertThat(get("/livez")).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> "op-1".equals(holder()));
        await().atMost(PATIENCE).until(() -> metrics().contains("gracekeeper_leader 1.0"));
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(log()).isZero();
        assertThat(holder()).isEmpty();
    }

    @Test
    @DisplayName("exits at once with 1 when it loses the Lease, so that the kubelet starts it anew")
    void loss() throws Exception {
        start(Map.of());
        await().atMost(PATIENCE).until(() -> "op-1".equals(holder()));
        api.takeOver("gracekeeper-system", "gracekeeper-operator");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(log()).isEqualTo(1);
        assertThat(holder()).isEqualTo("somebody-else");
    }

    @Test
    @DisplayName("refuses a wrong environment with 2, naming the variable")
    void configuration() throws Exception {
        start(Map.of("GRACEKEEPER_MAX_CONCURRENT_RETROFITS", "many"));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(log()).isEqualTo(2);
        assertThat(log()).contains("GRACEKEEPER_MAX_CONCURRENT_RETROFITS").doesNotContain("\tat ");
    }

    private void start(Map<String, String> env) throws IOException {
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                current-context: fake
                clusters: [{name: fake, cluster: {server: "http://localhost:%d"}}]
                contexts: [{name: fake, context: {cluster: fake, user: fake}}]
                users: [{name: fake, user: {token: none}}]
                """.formatted(api.port()));
        try (var socket = new ServerSocket(0)) {
            managementPort = socket.getLocalPort();
        }
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                OperatorLauncher.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("GRACEKEEPER_"));
        builder.environment()
                .putAll(Map.of(
                        "KUBECONFIG", kubeconfig.toString(),
                        "GRACEKEEPER_POD_NAME", "op-1",
                        "GRACEKEEPER_MANAGEMENT_PORT", String.valueOf(managementPort)));
        builder.environment().putAll(env);
        process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private String holder() {
        Lease lease = api.client()
                .leases()
                .inNamespace("gracekeeper-system")
                .withName("gracekeeper-operator")
                .get();
        return lease == null ? "" : lease.getSpec().getHolderIdentity();
    }

    private int get(String path) {
        return send(path) instanceof HttpResponse<String> answer ? answer.statusCode() : 0;
    }

    private String metrics() {
        return send("/metrics") instanceof HttpResponse<String> answer ? answer.body() : "";
    }

    private HttpResponse<String> send(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException notYet) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
