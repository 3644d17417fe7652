package io.gracekeeper.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The plain HTTP port for the kubelet and Prometheus: {@code /startz}, {@code /livez}, {@code /readyz} and {@code /metrics}. The probes
 * say what is wrong in their body, and each can fail. It answers on platform threads, so that it still can where virtual threads no
 * longer get a turn.
 *
 * <p>{@code /startz} says what {@code /livez} does, but holds its answer back until the process is ready, for a while at most. The
 * kubelet asks once a second at the most often; after the first success of a startup probe it asks about readiness at once. So it
 * hears that a process is ready when it is, and not up to a second later.
 */
public final class ManagementServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** The chart gives the startup probe more than that. Who isn't ready by then waits for something, and a second is no matter. */
    private static final Duration START = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(10);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().name("management-", 0).daemon().factory());
    private final PrometheusMeterRegistry registry;
    private final AtomicBoolean jvmMetricsBound = new AtomicBoolean();

    /**
     * Binds the port.
     *
     * @param port where to listen; 0 takes any free port
     * @param liveness what must hold for the process to be worth keeping; where it doesn't, the kubelet restarts the container
     * @param readiness what must hold for the process to be of use
     * @param registry what {@code /metrics} shows
     * @throws IOException if the port is taken
     */
    public ManagementServer(
            int port, ReadinessGates liveness, ReadinessGates readiness, PrometheusMeterRegistry registry)
            throws IOException {
        this.registry = registry;
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(threads);
        server.createContext("/startz", exchange -> {
            awaitReady(readiness);
            probe(exchange, "/startz", "alive", liveness);
        });
        server.createContext("/livez", exchange -> probe(exchange, "/livez", "alive", liveness));
        server.createContext("/readyz", exchange -> probe(exchange, "/readyz", "ready", readiness));
        server.createContext("/metrics", exchange -> answer(exchange, "/metrics", 200, PROMETHEUS_TEXT, this::scrape));
    }

    /** Starts answering. */
    public ManagementServer start() {
        server.start();
        return this;
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops at once: whoever probes a process that ends gets no answer, which is the truth. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void probe(HttpExchange exchange, String path, String word, ReadinessGates gates)
            throws IOException {
        List<String> closed = gates.closed();
        if (closed.isEmpty()) {
            answer(exchange, path, 200, TEXT, () -> word + "\n");
        } else {
            answer(exchange, path, 503, TEXT, () -> "not " + word + ": " + String.join(", ", closed) + "\n");
        }
    }

    private static void awaitReady(ReadinessGates readiness) {
        long start = System.nanoTime();
        try {
            while (!readiness.closed().isEmpty() && System.nanoTime() - start < START.toNanos()) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The port is about to close.
        }
    }

    /** The JVM's own meters cost time to set up, which a start doesn't have: the first scrape pays. */
    private String scrape() {
        if (jvmMetricsBound.compareAndSet(false, true)) {
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
            new UptimeMetrics().bindTo(registry);
            bindGarbageCollector();
        }
        return registry.scrape();
    }

    @SuppressWarnings("resource") // Its listeners live as long as the process.
    private void bindGarbageCollector() {
        new JvmGcMetrics().bindTo(registry);
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, Supplier<String> body)
            throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            if (!exchange.getRequestURI().getPath().equals(path)) { // A context also matches what is below it.
                exchange.sendResponseHeaders(404, -1);
            } else if (!head && !method.equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
                if (!head) {
                    exchange.getResponseBody().write(bytes);
                }
            }
        }
    }
}
