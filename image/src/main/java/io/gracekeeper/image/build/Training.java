package io.gracekeeper.image.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A run of both processes against the stand-in for an API server, from start to SIGTERM, with real reviews over TLS in between:
 * the JVM writes down which classes it loaded and linked, and the image starts from that. It must see reviews; a cache of a
 * start alone leaves the first review of a new pod three times as slow.
 */
final class Training {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int REVIEWS = 2000;
    private static final String PASSWORD = "training";
    private static final String NAMESPACE = "gracekeeper-system";

    private final Path work;
    private final Path examples;
    private final YAMLMapper yaml = new YAMLMapper();

    /**
     * A training.
     *
     * @param work a folder for keys, configuration and the log
     * @param examples the folder with the objects and reviews to train with
     */
    Training(Path work, Path examples) {
        this.work = work;
        this.examples = examples;
    }

    /**
     * Runs the processes.
     *
     * @param java the image's own launcher
     * @param arguments flags and class path
     * @param cache what is to be there in the end
     */
    void run(Path java, List<String> arguments, Path cache) throws IOException {
        Files.createDirectories(work);
        Files.deleteIfExists(cache);
        Path log = work.resolve("training.log");
        try (var server = new StandInApiServer(keyStore(), PASSWORD)) {
            seed(server.store());
            int port = freePort();
            Process process = start(java, arguments, server.url(), port, log);
            try {
                review(port, process);
            } finally {
                process.destroy();
            }
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the training run does not end; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while training", e);
        }
        assemble(java, arguments, cache);
    }

    /**
     * The second step, which the JVM would do by itself at the end of the first if the image's runtime could start programs; it
     * can't, since its helper for that has no business in a container.
     */
    private void assemble(Path java, List<String> arguments, Path cache) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(arguments);
        command.addAll(List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + recording(), "-XX:AOTCache=" + cache));
        String output = Tool.run(command);
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no AOT cache came of the training run:\n" + output);
        }
    }

    private Path recording() {
        return work.resolve("recording.aotconf");
    }

    private Process start(Path java, List<String> arguments, String url, int port, Path log) throws IOException {
        Path kubeconfig = work.resolve("kubeconfig");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                current-context: c
                """.formatted(url));
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(arguments);
        command.addAll(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording()));
        command.addAll(List.of("io.gracekeeper.image.Main", "--train"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith("GRACEKEEPER_") || key.startsWith("KUBERNETES_"));
        environment.remove("JAVA_TOOL_OPTIONS");
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("GRACEKEEPER_NAMESPACE", NAMESPACE);
        environment.put("GRACEKEEPER_POD_NAME", "training");
        environment.put("GRACEKEEPER_WEBHOOK_SERVICE", "gracekeeper-webhook");
        environment.put("GRACEKEEPER_TLS_SECRET", "gracekeeper-webhook-tls");
        environment.put("GRACEKEEPER_CA_SECRET", "gracekeeper-ca");
        environment.put("GRACEKEEPER_WEBHOOK_CONFIGURATION", "gracekeeper");
        environment.put("GRACEKEEPER_LEASE", "gracekeeper-operator");
        environment.put("GRACEKEEPER_CANARY_NAMESPACE", NAMESPACE + "-canary");
        environment.put("GRACEKEEPER_HTTPS_PORT", String.valueOf(port));
        environment.put("GRACEKEEPER_MANAGEMENT_PORT", "0");
        environment.put("GRACEKEEPER_DRAIN_SECONDS", "0");
        environment.put("GRACEKEEPER_LOG_FORMAT", "json");
        return builder.start();
    }

    /** Each file holds one object, under the path that it is served at. */
    private void seed(ObjectStore store) throws IOException {
        for (Path file : Folders.files(examples.resolve("objects"))) {
            ObjectNode object = (ObjectNode) yaml.readTree(Files.readString(file));
            store.put(ApiPath.of(object.remove("path").asText()), object);
        }
    }

    private void review(int port, Process process) throws IOException, InterruptedException {
        List<Path> reviews = Folders.files(examples.resolve("reviews"));
        try (HttpClient http1 = client(HttpClient.Version.HTTP_1_1);
                HttpClient http2 = client(HttpClient.Version.HTTP_2)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!isRefusing(http2, port)) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "the webhook does not come up in the training run; see " + work.resolve("training.log"));
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            for (int i = 0; i < REVIEWS; i++) {
                Path review = reviews.get(i % reviews.size());
                send(i % 4 == 0 ? http1 : http2, port, review);
            }
        }
    }

    /** By then it has its certificate from the operator, and its policies: everything is connected. */
    private boolean isRefusing(HttpClient client, int port) throws InterruptedException {
        try {
            return send(client, port, examples.resolve("reviews/validate-workloads-refused.json"))
                    .contains("\"allowed\":false");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A review's file name starts with the path that it is sent to. */
    private static String send(HttpClient client, int port, Path review) throws IOException, InterruptedException {
        String[] path = review.getFileName().toString().split("-", -1);
        return client.send(
                        HttpRequest.newBuilder(URI.create(
                                        "https://127.0.0.1:" + port + "/" + path[0] + "/" + path[1] + "?timeout=3s"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofFile(review))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Path keyStore() throws IOException {
        Path file = work.resolve("stand-in.p12");
        Files.deleteIfExists(file);
        Tool.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "stand-in",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD));
        return file;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** Trusts whoever answers on the loopback interface: there is nothing to protect. */
    private static HttpClient client(HttpClient.Version version) {
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return HttpClient.newBuilder().version(version).sslContext(context).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
