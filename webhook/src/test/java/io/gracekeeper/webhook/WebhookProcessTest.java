package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.runtime.MockApiServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The webhook process")
@Timeout(240)
class WebhookProcessTest {
    private static final String NAMESPACE = "gracekeeper-system";

    private final TestCertificates authority = new TestCertificates();
    private MockApiServer api;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        api = MockApiServer.start(0);
        client = api.client();
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    @DisplayName("is ready once it has policies and a certificate, and then refuses what a policy refuses")
    void becomesReady() throws Exception {
        createPolicy();
        try (var process = new WebhookProcess(api, Map.of())) {
            await().untilAsserted(() -> assertThat(process.readiness()).isEqualTo("not ready: certificate"));
            assertThat(process.management("/livez").statusCode()).isEqualTo(200);

            createCertificate();
            await().untilAsserted(() -> assertThat(process.readiness()).isEqualTo("ready"));
            try (HttpClient http = TestServer.client(authority, Version.HTTP_2)) {
                HttpResponse<byte[]> answer = http.send(
                        TestServer.request(process.httpsPort(), AdmissionPath.VALIDATE_WORKLOADS.path())
                                .POST(BodyPublishers.ofByteArray(Reviews.bytes("deployment-create")))
                                .build(),
                        BodyHandlers.ofByteArray());
                assertThat(Reviews.response(answer.body()).at("/status/code").intValue())
                        .isEqualTo(422);
            }
            assertThat(process.management("/metrics").body())
                    .contains("gracekeeper_reviews_total{outcome=\"refused\",path=\"validate_workloads\"} 1.0")
                    .contains("gracekeeper_review_duration_seconds_count{path=\"validate_workloads\"} 1")
                    .contains("gracekeeper_reviews_in_flight 0.0")
                    .containsPattern("gracekeeper_serving_certificate_not_after_seconds 1\\.\\d+E9");
        }
    }

    @Test
    @DisplayName("is not ready while the API server is away at its start, and says what it waits for")
    void waitsForTheApiServer() throws Exception {
        createCertificate();
        int port = api.port();
        client.close();
        api.close();
        try (var process = new WebhookProcess(api, Map.of("KUBERNETES_MASTER", "http://127.0.0.1:" + port))) {
            await().untilAsserted(() ->
                    assertThat(process.readiness()).isEqualTo("not ready: policies, owners, certificate"));

            api = MockApiServer.start(port);
            client = api.client();
            createCertificate();
            await().untilAsserted(() -> assertThat(process.readiness()).isEqualTo("ready"));
            assertThat(process.output()).doesNotContain("\tat ");
        }
    }

    @Test
    @DisplayName(
            "finishes on SIGTERM what is in flight over HTTP/1.1 and HTTP/2, serves while it drains, and exits with 0")
    void finishesInFlight() throws Exception {
        createPolicy();
        createCertificate();
        try (var process = new WebhookProcess(
                        api, Map.of("GRACEKEEPER_DRAIN_SECONDS", "4", "GRACEKEEPER_SHUTDOWN_SECONDS", "20"));
                HttpClient http1 = TestServer.client(authority, Version.HTTP_1_1);
                HttpClient http2 = TestServer.client(authority, Version.HTTP_2);
                var slow1 = new SlowRequest(http1, process.httpsPort());
                var slow2 = new SlowRequest(http2, process.httpsPort())) {
            await().until(() -> process.readiness().equals("ready"));
            slow1.begin();
            slow2.begin();
            await().until(() -> process.management("/metrics").body().contains("gracekeeper_reviews_in_flight 2.0"));

            process.sigterm();
            await().until(() -> process.readiness().equals("not ready: shutdown"));
            for (HttpClient http : List.of(http1, http2)) {
                assertThat(refused(quick(http, process.httpsPort()))).isTrue();
            }
            assertThat(quick(http1, process.httpsPort()).headers().firstValue("Connection"))
                    .hasValue("close");
            await().until(() -> !accepts(process.httpsPort()));
            assertThat(slow1.answer).isNotDone();
            assertThat(slow2.answer).isNotDone();

            slow1.finish();
            slow2.finish();
            assertThat(refused(slow1.answer.join())).isTrue();
            assertThat(refused(slow2.answer.join())).isTrue();
            assertThat(process.exitCode()).isZero();
            assertThat(process.output()).contains("Stopped").doesNotContain("took too long", "failed", "\tat ");
        }
    }

    @Test
    @DisplayName("exits within its bounds where a client never finishes")
    void boundsTheStop() throws Exception {
        createCertificate();
        try (var process = new WebhookProcess(
                        api, Map.of("GRACEKEEPER_DRAIN_SECONDS", "0", "GRACEKEEPER_SHUTDOWN_SECONDS", "1"));
                HttpClient http = TestServer.client(authority, Version.HTTP_2);
                var endless = new SlowRequest(http, process.httpsPort())) {
            await().until(() -> process.readiness().equals("ready"));
            endless.begin();
            await().until(() -> process.management("/metrics").body().contains("gracekeeper_reviews_in_flight 1.0"));

            long start = System.nanoTime();
            process.sigterm();
            assertThat(process.exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            assertThat(process.output()).contains("took too long and was left behind step=\"finish in flight\"");
        }
    }

    @Test
    @DisplayName("refuses to start with a configuration that it doesn't understand, with 2 and without a stack trace")
    void refusesConfiguration() throws Exception {
        try (var process = new WebhookProcess(api, Map.of("GRACEKEEPER_DRAIN_SECONDS", "soon"))) {
            assertThat(process.exitCode()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(process.output())
                    .contains("GRACEKEEPER_DRAIN_SECONDS=\"soon\" is not a whole number from 0 to 600")
                    .doesNotContain("\tat "));
        }
    }

    /** Generous, since a process of its own starts slowly where other builds run beside it. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** A request of which the server has the first half until it is finished. */
    private static final class SlowRequest implements AutoCloseable {
        private final byte[] review = Reviews.bytes("deployment-create");
        private final SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>();
        private final HttpClient http;
        private final int port;
        private CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();

        SlowRequest(HttpClient http, int port) {
            this.http = http;
            this.port = port;
        }

        void begin() {
            answer = http.sendAsync(
                    TestServer.request(port, AdmissionPath.VALIDATE_WORKLOADS.path())
                            .POST(BodyPublishers.fromPublisher(body, review.length))
                            .build(),
                    BodyHandlers.ofByteArray());
            await().until(() -> body.getNumberOfSubscribers() == 1);
            body.submit(ByteBuffer.wrap(review, 0, review.length / 2));
        }

        void finish() {
            body.submit(ByteBuffer.wrap(review, review.length / 2, review.length - review.length / 2));
            body.close();
        }

        @Override
        public void close() {
            body.closeExceptionally(new IOException("given up"));
        }
    }

    private HttpResponse<byte[]> quick(HttpClient http, int port) throws IOException, InterruptedException {
        return http.send(
                TestServer.request(port, AdmissionPath.VALIDATE_WORKLOADS.path())
                        .POST(BodyPublishers.ofByteArray(Reviews.bytes("deployment-create")))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private static boolean refused(HttpResponse<byte[]> answer) {
        return answer.statusCode() == 200
                && Reviews.response(answer.body()).at("/status/code").intValue() == 422;
    }

    private static boolean accepts(int port) {
        try (var _ = new Socket("localhost", port)) {
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void createCertificate() {
        client.resource(authority.serving().secret(NAMESPACE, "gracekeeper-webhook-tls"))
                .create();
    }

    private void createPolicy() {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName("web").build());
        policy.setSpec(new GracefulShutdownPolicySpec(
                null, new Requirements(10, 20, 5, null), new Validation(List.of(ValidationAction.DENY)), null, null));
        client.resource(policy).create();
    }
}
