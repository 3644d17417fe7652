package io.gracekeeper.image.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of our two processes, started as a pod would start it, while the JVM writes down what it loads, links and compiles. */
final class TrainedProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final List<String> PROBES = List.of("/startz", "/livez", "/readyz", "/metrics");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int managementPort = freePort();
    private final int httpsPort = freePort();
    private final Path log;

    /**
     * Starts it.
     *
     * @param kind which of the two
     * @param command the launcher with its flags, up to the main class
     * @param environment how it finds the stand-in for the API server
     * @param log where its output goes
     */
    TrainedProcess(String kind, List<String> command, Map<String, String> environment, Path log) throws IOException {
        this.log = log;
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("io.gracekeeper.image.Main", kind));
        var builder = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
        var variables = builder.environment();
        variables.keySet().removeIf(key -> key.matches("(GRACEKEEPER|KUBE.*|JAVA_TOOL|JDK_JAVA)_.*|KUBECONFIG"));
        variables.putAll(environment);
        variables.put("GRACEKEEPER_POD_NAME", kind);
        variables.put("GRACEKEEPER_HTTPS_PORT", String.valueOf(httpsPort));
        variables.put("GRACEKEEPER_MANAGEMENT_PORT", String.valueOf(managementPort));
        this.process = builder.start();
    }

    int httpsPort() {
        return httpsPort;
    }

    /** Waits until it is ready, asking as the kubelet does. */
    void awaitReady() throws InterruptedException {
        await("is not ready", () -> probe("/readyz") == 200);
    }

    /** Waits until something is so. */
    void await(String otherwise, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the trained process " + otherwise + "; see " + log);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /** Asks what the kubelet and Prometheus ask. */
    void probe() throws IOException, InterruptedException {
        for (String path : PROBES) {
            probe(path);
        }
    }

    private int probe(String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** Ends it by SIGTERM, as the kubelet does. */
    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the trained process does not end; see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** Something that may not be so yet; an {@link IOException} means just that. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }
}
