package io.gracekeeper.e2e.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One of our two processes, from the jars and with the Java runtime of the image, outside of any cluster. */
public final class GracekeeperProcess implements AutoCloseable {
    private final Process process;
    private final int httpsPort;
    private final int managementPort;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private GracekeeperProcess(Process process, int httpsPort, int managementPort, Path log) {
        this.process = process;
        this.httpsPort = httpsPort;
        this.managementPort = managementPort;
        this.log = log;
        // A Ctrl-C ends the tests without closing anything.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-" + log.getFileName()));
    }

    /**
     * Starts one.
     *
     * @param kind {@code webhook} or {@code operator}
     * @param name for its log in {@link Checkout#logs()}
     * @param kubeconfig where its API server is
     * @param configuration variables without their prefix; the ports are chosen here
     */
    public static GracekeeperProcess start(
            String kind, String name, Path kubeconfig, Map<String, String> configuration) {
        Path root = Checkout.imageRoot();
        int httpsPort = freePort();
        int managementPort = freePort();
        Path log = Checkout.logs().resolve(name + ".log");
        var builder = new ProcessBuilder(
                root.resolve("opt/java/bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-classpath",
                root.resolve("app/gracekeeper") + "/*:" + root.resolve("app/lib") + "/*",
                "io.gracekeeper.image.Main",
                kind);
        Map<String, String> env = new HashMap<>(configuration);
        env.put("HTTPS_PORT", String.valueOf(httpsPort));
        env.put("MANAGEMENT_PORT", String.valueOf(managementPort));
        env.putIfAbsent("POD_NAME", name);
        env.putIfAbsent("LOG_FORMAT", "text");
        env.putIfAbsent("LOG_LEVEL", "info");
        env.forEach((key, value) -> builder.environment().put("GRACEKEEPER_" + key, value));
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        try {
            Files.createDirectories(log.getParent());
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new GracekeeperProcess(process, httpsPort, managementPort, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the webhook answers reviews. */
    public int httpsPort() {
        return httpsPort;
    }

    /** Whether it calls itself ready; fails where it has ended, with its last words. */
    public boolean isReady() {
        if (!process.isAlive()) {
            throw new AssertionError("ended with exit code " + process.exitValue() + "; see " + log);
        }
        try {
            return request("/readyz").statusCode() == 200;
        } catch (IOException notYetListening) {
            return false;
        }
    }

    /** The sum of all samples of a metric whose labels contain all of these ({@code key="value"}). */
    public double metric(String name, String... labels) {
        try {
            return request("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .filter(line -> Stream.of(labels).allMatch(line::contains))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as the kubelet does, and returns its exit code. */
    public int terminate(Duration longest) {
        process.destroy();
        try {
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still there " + longest.toSeconds() + " s after SIGTERM; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** Ends it as a crash does. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        http.close();
    }

    private HttpResponse<String> request(String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + managementPort + path);
        try {
            return http.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
