package io.gracekeeper.webhook;

import io.gracekeeper.webhook.BenchReviews.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Two processes of the same server over TLS, one that answers without work and one that judges, under the same load in turns; what
 * counts is the CPU that each takes per request, and their ratio. Latency is measured at a fixed rate, as the API server would
 * see it. Where the machine has a core to spare, both servers are held to one core of their own.
 */
public final class LoadRun {
    private static final int CONNECTIONS = 8;
    private static final int RATE = 500;
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final Duration LATENCY_WINDOW = Duration.ofSeconds(10);

    /** Requests and not seconds: the compilers count calls, and a busy machine takes longer for them. */
    private static final int WARM_UP = Integer.getInteger("warmUp", 120_000);

    private static final int WINDOW = Integer.getInteger("window", 20_000);

    private final HttpClient client = client();
    private final Map<Kind, byte[]> reviews = new EnumMap<>(Kind.class);
    private final Map<Kind, double[]> ratios = new EnumMap<>(Kind.class);

    private LoadRun() {
        for (Kind kind : Kind.values()) {
            reviews.put(kind, kind.review());
            ratios.put(kind, new double[ROUNDS]);
        }
    }

    /**
     * Runs it and prints a table.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        new LoadRun().run();
    }

    private void run() throws Exception {
        Path keys = BenchProcess.keyStore();
        try (BenchProcess idle = BenchProcess.start("idle", keys);
                BenchProcess real = BenchProcess.start("real", keys)) {
            System.out.printf(
                    Locale.ROOT,
                    "review of %d bytes, %d connections; warming up with %d reviews each%n",
                    Kind.ALLOWED.review().length,
                    CONNECTIONS,
                    WARM_UP);
            load(idle, List.of(Kind.values()), new Amount(WARM_UP));
            load(real, List.of(Kind.values()), new Amount(WARM_UP));
            System.out.println("round  server  review   CPU us/review  ratio");
            for (int round = 0; round < ROUNDS; round++) {
                double base = cpu(idle, List.of(Kind.values()));
                System.out.printf(Locale.ROOT, "%5d  idle    any      %13.1f%n", round + 1, base);
                for (Kind kind : Kind.values()) {
                    double ours = cpu(real, List.of(kind));
                    array(kind)[round] = ours / base;
                    String word = kind.name().toLowerCase(Locale.ROOT);
                    System.out.printf(
                            Locale.ROOT, "%5d  real    %-8s %13.1f  %5.2f%n", round + 1, word, ours, ours / base);
                }
            }
            System.out.println("server  at " + RATE + " reviews/s: p50 ms  p99 ms");
            latency(idle);
            latency(real);
            for (Kind kind : Kind.values()) {
                double[] sorted = array(kind);
                Arrays.sort(sorted);
                System.out.printf(
                        Locale.ROOT,
                        "ratio of CPU per review, real to idle, %s: median %.2f (%.2f..%.2f)%n",
                        kind.name().toLowerCase(Locale.ROOT),
                        sorted[ROUNDS / 2],
                        sorted[0],
                        sorted[ROUNDS - 1]);
            }
        }
    }

    private double[] array(Kind kind) {
        return Objects.requireNonNull(ratios.get(kind));
    }

    private double cpu(BenchProcess server, List<Kind> kinds) throws InterruptedException {
        double before = server.cpuSeconds();
        int requests = load(server, kinds, new Amount(WINDOW)).size();
        return (server.cpuSeconds() - before) / requests * 1e6;
    }

    private void latency(BenchProcess server) throws InterruptedException {
        long[] nanos = load(server, List.of(Kind.values()), new Amount(RATE, LATENCY_WINDOW)).stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "%-6s  %27.2f  %6.2f%n",
                server.kind(),
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6);
    }

    /**
     * How many requests are sent, and when.
     *
     * @param requests in all
     * @param rate a second; 0 for as fast as the connections go
     */
    private record Amount(int requests, int rate) {
        Amount(int requests) {
            this(requests, 0);
        }

        Amount(int rate, Duration length) {
            this((int) (rate * length.toSeconds()), rate);
        }
    }

    /** Sends requests over all connections; the latencies in nanoseconds. */
    private List<Long> load(BenchProcess server, List<Kind> kinds, Amount amount) throws InterruptedException {
        List<HttpRequest> requests =
                kinds.stream().map(kind -> request(server, kind)).toList();
        long start = System.nanoTime();
        List<Long> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int connection = i;
            threads.add(Thread.ofPlatform().start(() -> {
                List<Long> mine = one(requests, start, amount, connection);
                synchronized (all) {
                    all.addAll(mine);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (all.isEmpty()) {
            throw new IllegalStateException("no request came through");
        }
        return all;
    }

    private HttpRequest request(BenchProcess server, Kind kind) {
        return HttpRequest.newBuilder(URI.create(
                        "https://127.0.0.1:" + server.port() + kind.path().path()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Objects.requireNonNull(reviews.get(kind))))
                .build();
    }

    private List<Long> one(List<HttpRequest> requests, long start, Amount amount, int connection) {
        List<Long> nanos = new ArrayList<>();
        try {
            for (long n = 0; n < amount.requests() / CONNECTIONS; n++) {
                long due = amount.rate() == 0
                        ? System.nanoTime()
                        : start + (n * CONNECTIONS + connection) * TimeUnit.SECONDS.toNanos(1) / amount.rate();
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                HttpRequest request = requests.get((int) (n % requests.size()));
                var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() != 200) {
                    throw new IllegalStateException("status " + response.statusCode());
                }
                nanos.add(System.nanoTime() - due);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a request failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return nanos;
    }

    private static HttpClient client() {
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(context)
                    .build();
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
