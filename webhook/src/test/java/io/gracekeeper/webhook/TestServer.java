package io.gracekeeper.webhook;

import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyLister;
import io.gracekeeper.policy.WorkloadKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;

/** The server on a free port with a certificate of its own, and clients for it. */
final class TestServer implements AutoCloseable {
    final TestCertificates authority = new TestCertificates();
    final ReloadingKeyManager keys = new ReloadingKeyManager();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final AdmissionServer server;

    TestServer(PolicyLister policies) {
        keys.use(authority.serving().parsed());
        var handler = new AdmissionReviewHandler(
                new PolicyEngine(policies, WorkloadKinds.BUILT_IN, InstantSource.system()),
                EngineSettings.DEFAULT,
                new WebhookMetrics(registry));
        server = new AdmissionServer(0, keys, handler, () -> false).start();
    }

    HttpClient client(Version version) {
        return client(authority, version);
    }

    static HttpClient client(TestCertificates authority, Version version) {
        return HttpClient.newBuilder()
                .sslContext(authority.trust())
                .version(version)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    HttpRequest.Builder request(String path) {
        return request(server.port(), path);
    }

    static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
    }

    HttpResponse<byte[]> post(HttpClient client, AdmissionPath path, byte[] body)
            throws IOException, InterruptedException {
        return post(client, path, BodyPublishers.ofByteArray(body));
    }

    HttpResponse<byte[]> post(HttpClient client, AdmissionPath path, BodyPublisher body)
            throws IOException, InterruptedException {
        return client.send(request(path.path() + "?timeout=3s").POST(body).build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        server.stop();
    }
}
