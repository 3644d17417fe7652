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
 * counts is the CPU that each takes per review, and their ratio. First at a fixed rate, as an API server asks, with the latency
 * beside it; then as fast as the connections go. Turns are short, so that what else the machine does falls on both. Where it has a
 * core to spare, both servers are held to one core of their own.
 */
public final class LoadRun {
    private static final int CONNECTIONS = 8;
    private static final int RATE = Integer.getInteger("rate", 500);
    private static final int ROUNDS = Integer.getInteger("rounds", 5);

    /** Of each server, for each kind of review, in a round. */
    private static final int TURNS = Integer.getInteger("turns", 10);

    /** Requests and not seconds: the compilers count calls, and a busy machine takes longer for them. */
    private static final int WARM_UP = Integer.getInteger("warmUp", 120_000);

    private static final int REVIEWS_A_TURN = Integer.getInteger("reviewsATurn", 2_000);

    private final HttpClient client = client();
    private final Map<Kind, byte[]> reviews = new EnumMap<>(Kind.class);

    private LoadRun() {
        for (Kind kind : Kind.values()) {
            reviews.put(kind, kind.review());
        }
    }

    /**
     * Runs it and prints two tables.
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
            load(idle, List.of(Kind.values()), new Amount(WARM_UP, 0));
            load(real, List.of(Kind.values()), new Amount(WARM_UP, 0));
            compare("at " + RATE + " reviews/s", new Amount(RATE, RATE), idle, real);
            compare("as fast as " + CONNECTIONS + " connections go", new Amount(REVIEWS_A_TURN, 0), idle, real);
        }
    }

    /** All rounds of one kind of load, and the ratios' medians. */
    private void compare(String title, Amount turn, BenchProcess idle, BenchProcess real) throws InterruptedException {
        Map<Kind, double[]> ratios = new EnumMap<>(Kind.class);
        System.out.println(title);
        System.out.println(
                "round  review    CPU us/review: idle   real  ratio    p50 ms: idle   real    p99 ms: idle   real");
        for (int round = 0; round < ROUNDS; round++) {
            for (Kind kind : Kind.values()) {
                var base = new Measured(idle);
                var ours = new Measured(real);
                for (int i = 0; i < TURNS; i++) {
                    base.turn(kind, turn);
                    ours.turn(kind, turn);
                }
                double ratio = ours.cpuMicros() / base.cpuMicros();
                ratios.computeIfAbsent(kind, any -> new double[ROUNDS])[round] = ratio;
                System.out.printf(
                        Locale.ROOT,
                        "%5d  %-8s  %19.1f  %5.1f  %5.2f  %14.2f  %5.2f  %14.2f  %5.2f%n",
                        round + 1,
                        word(kind),
                        base.cpuMicros(),
                        ours.cpuMicros(),
                        ratio,
                        base.millis(0.5),
                        ours.millis(0.5),
                        base.millis(0.99),
                        ours.millis(0.99));
            }
        }
        ratios.forEach((kind, measured) -> {
            Arrays.sort(measured);
            System.out.printf(
                    Locale.ROOT,
                    "%s, ratio of CPU per review, real to idle, %s: median %.2f (%.2f..%.2f)%n",
                    title,
                    word(kind),
                    measured[ROUNDS / 2],
                    measured[0],
                    measured[ROUNDS - 1]);
        });
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** What one server has done in its turns. */
    private final class Measured {
        private final BenchProcess server;
        private final List<Long> nanos = new ArrayList<>();
        private double cpuSeconds;

        Measured(BenchProcess server) {
            this.server = server;
        }

        void turn(Kind kind, Amount amount) throws InterruptedException {
            double before = server.cpuSeconds();
            nanos.addAll(load(server, List.of(kind), amount));
            cpuSeconds += server.cpuSeconds() - before;
        }

        double cpuMicros() {
            return cpuSeconds / nanos.size() * 1e6;
        }

        double millis(double quantile) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) (sorted.length * quantile)] / 1e6;
        }
    }

    /**
     * How many requests are sent, and when.
     *
     * @param requests in all
     * @param rate a second; 0 for as fast as the connections go
     */
    private record Amount(int requests, int rate) {}

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
