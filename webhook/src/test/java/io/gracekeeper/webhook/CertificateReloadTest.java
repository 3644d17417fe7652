package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.MockApiServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The serving certificate")
@Timeout(120)
class CertificateReloadTest {
    private static final String NAMESPACE = "gracekeeper-system";
    private static final String SECRET = "gracekeeper-webhook-tls";

    private final TestCertificates authority = new TestCertificates();
    private final ReloadingKeyManager keys = new ReloadingKeyManager();
    private MockApiServer api;
    private KubernetesClient client;
    private ServingCertificate certificate;
    private AdmissionServer server;

    @BeforeEach
    void start() {
        api = MockApiServer.start(0);
        client = api.client();
        certificate = new ServingCertificate(client, NAMESPACE, SECRET, keys, Clock.systemUTC());
        certificate.start();
        var handler = new AdmissionReviewHandler(
                new PolicyEngine(Reviews.STRICT, WorkloadKinds.BUILT_IN, InstantSource.system()),
                EngineSettings.DEFAULT,
                new WebhookMetrics(new SimpleMeterRegistry()));
        server = new AdmissionServer(0, keys, handler, () -> false).start();
    }

    @AfterEach
    void stop() {
        server.stop();
        certificate.close();
        client.close();
        api.close();
    }

    @Test
    @DisplayName("is missing until the Secret comes, and then in use at once")
    void comesLater() throws Exception {
        assertThat(certificate.isUsable()).isFalse();
        assertThat(certificate.endEpochSeconds()).isZero();
        var pem = authority.serving();
        client.resource(authority.serving().secret(NAMESPACE, "another-secret")).create();
        client.resource(pem.secret(NAMESPACE, SECRET)).create();

        await().until(certificate::isUsable);
        assertThat(shownSerial()).isEqualTo(pem.serial());
        assertThat(certificate.endEpochSeconds())
                .isEqualTo(pem.parsed().certificate().getNotAfter().toInstant().getEpochSecond());
    }

    @Test
    @DisplayName("stays the old one while the Secret is half written, broken or deleted")
    void keepsTheOldPair() throws Exception {
        var old = authority.serving();
        var next = authority.serving();
        client.resource(old.secret(NAMESPACE, SECRET)).create();
        await().until(certificate::isUsable);

        for (Secret broken : List.of(
                TestCertificates.secret(NAMESPACE, SECRET, next.certificate(), old.key()),
                TestCertificates.secret(NAMESPACE, SECRET, "", ""),
                TestCertificates.secret(NAMESPACE, SECRET, "nonsense", next.key()))) {
            client.resource(broken).update();
            await().during(Duration.ofMillis(300)).until(() -> shownSerial().equals(old.serial()));
        }
        client.secrets().inNamespace(NAMESPACE).withName(SECRET).delete();
        await().during(Duration.ofMillis(300)).until(() -> shownSerial().equals(old.serial()));
        client.resource(next.secret(NAMESPACE, SECRET)).create();
        await().until(() -> shownSerial().equals(next.serial()));
    }

    @Test
    @DisplayName("changes under load without a single failed request")
    void changesUnderLoad() throws Exception {
        client.resource(authority.serving().secret(NAMESPACE, SECRET)).create();
        await().until(certificate::isUsable);
        var stop = new AtomicBoolean();
        var answered = new AtomicInteger();
        byte[] review = Reviews.bytes("deployment-create");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http1 = TestServer.client(authority, Version.HTTP_1_1);
                HttpClient http2 = TestServer.client(authority, Version.HTTP_2)) {
            List<Future<Void>> loads = Stream.of(http1, http2)
                    .map(http -> threads.submit((Callable<Void>) () -> {
                        while (!stop.get()) {
                            review(http, review);
                            answered.incrementAndGet();
                        }
                        return null;
                    }))
                    .toList();
            for (int i = 0; i < 5; i++) {
                var next = authority.serving(i % 2 == 0 ? "RSA" : "EC", Duration.ofDays(1));
                client.resource(next.secret(NAMESPACE, SECRET)).update();
                await().until(() -> shownSerial().equals(next.serial()));
                try (HttpClient fresh = TestServer.client(authority, Version.HTTP_2)) {
                    review(fresh, review);
                }
            }
            stop.set(true);
            for (Future<Void> load : loads) {
                load.get(); // throws what a request threw
            }
        }
        assertThat(answered).hasPositiveValue();
    }

    @Test
    @DisplayName("is not usable once it has ended, so that the process isn't ready")
    void ends() {
        keys.use(authority.serving("EC", Duration.ofHours(1)).parsed());
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofHours(2)), ZoneOffset.UTC);

        try (var expired = new ServingCertificate(client, NAMESPACE, SECRET, keys, later)) {
            assertThat(certificate.isUsable()).isTrue();
            assertThat(expired.isUsable()).isFalse();
        }
    }

    private void review(HttpClient http, byte[] review) throws IOException, InterruptedException {
        var answer = http.send(
                TestServer.request(server.port(), AdmissionPath.VALIDATE_WORKLOADS.path())
                        .POST(BodyPublishers.ofByteArray(review))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Reviews.response(answer.body()).path("status").path("code").intValue())
                .isEqualTo(422);
    }

    private BigInteger shownSerial() throws IOException {
        try (SSLSocket socket =
                (SSLSocket) authority.trust().getSocketFactory().createSocket("localhost", server.port())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }
}
