package io.gracekeeper.webhook;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Two processes of the same server over TLS, one that answers without work and one that judges, under the same load in turns; what
 * counts is the CPU that each takes per request, and their ratio. Latency is measured at a fixed rate, as the API server would
 * see it.
 */
public final class LoadRun {
    private static final String PASSWORD = "benchmark";
    private static final int CONNECTIONS = 8;
    private static final int RATE = 500;
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmUpSeconds", 25));
    private static final Duration WINDOW = Duration.ofSeconds(8);

    private final byte[] review = BenchReviews.review();
    private final HttpClient client = client();

    private record Server(String kind, Process process, int port) {
        double cpuSeconds() {
            return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
        }
    }

    private record Figures(double cpuMicros, double p50Millis, double p99Millis) {}

    /**
     * Runs it and prints a table.
     *
     * @param args none
     */
    public static void main(String[] args) throws Exception {
        new LoadRun().run();
    }

    private void run() throws Exception {
        Path keys = Files.createTempDirectory("bench").resolve("keys.p12");
        keyStore(keys);
        Server idle = start("idle", keys);
        Server real = start("real", keys);
        try {
            System.out.printf(
                    Locale.ROOT, "review of %d bytes, %d connections; warming up%n", review.length, CONNECTIONS);
            load(idle, WARM_UP, 0);
            load(real, WARM_UP, 0);
            System.out.println("round  server  CPU us/review  p50 ms  p99 ms (at " + RATE + "/s)");
            double[] ratios = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                Figures base = measure(round, idle);
                Figures ours = measure(round, real);
                ratios[round] = ours.cpuMicros() / base.cpuMicros();
            }
            Arrays.sort(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "ratio of CPU per review, real to idle: median %.2f (%.2f..%.2f)%n",
                    ratios[ROUNDS / 2],
                    ratios[0],
                    ratios[ROUNDS - 1]);
        } finally {
            idle.process().destroy();
            real.process().destroy();
        }
    }

    private Figures measure(int round, Server server) throws InterruptedException {
        double before = server.cpuSeconds();
        int requests = load(server, WINDOW, 0).size();
        double cpu = (server.cpuSeconds() - before) / requests * 1e6;
        long[] nanos = load(server, WINDOW, RATE).stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        var figures = new Figures(cpu, nanos[nanos.length / 2] / 1e6, nanos[(int) (nanos.length * 0.99)] / 1e6);
        System.out.printf(
                Locale.ROOT,
                "%5d  %-6s  %13.1f  %6.2f  %6.2f%n",
                round + 1,
                server.kind(),
                figures.cpuMicros(),
                figures.p50Millis(),
                figures.p99Millis());
        return figures;
    }

    /** As fast as the connections go with rate 0, else at that many a second; the latencies in nanoseconds. */
    private List<Long> load(Server server, Duration length, int rate) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + server.port() + "/validate/workloads"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(review))
                .build();
        long start = System.nanoTime();
        List<Long> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int connection = i;
            threads.add(Thread.ofPlatform().start(() -> {
                List<Long> mine = one(request, start, length, rate, connection);
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

    private List<Long> one(HttpRequest request, long start, Duration length, int rate, int connection) {
        List<Long> nanos = new ArrayList<>();
        try {
            for (long n = 0; System.nanoTime() - start < length.toNanos(); n++) {
                long due = rate == 0
                        ? System.nanoTime()
                        : start + (n * CONNECTIONS + connection) * TimeUnit.SECONDS.toNanos(1) / rate;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
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

    private static Server start(String kind, Path keys) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchServer.class.getName(),
                        kind,
                        keys.toString(),
                        PASSWORD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("PORT ")) {
                return new Server(kind, process, Integer.parseInt(line.substring("PORT ".length())));
            }
        }
        throw new IllegalStateException("the server \"" + kind + "\" did not start");
    }

    private static void keyStore(Path file) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "bench",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("keytool ended with " + code);
        }
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
