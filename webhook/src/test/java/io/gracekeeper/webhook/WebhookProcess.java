package io.gracekeeper.webhook;

import io.gracekeeper.runtime.MockApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The webhook as a process of its own, which is the only way to learn what SIGTERM does to it. */
final class WebhookProcess implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("Webhook started https=\"(\\d+)\" management=\"(\\d+)\"");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Matcher> started = new CompletableFuture<Matcher>().orTimeout(90, TimeUnit.SECONDS);

    /** What runs in the child. */
    static final class Main {
        private Main() {}

        /** Runs it. */
        public static void main(String[] args) {
            System.exit(WebhookMain.run(System.getenv()));
        }
    }

    WebhookProcess(MockApiServer api, Map<String, String> variables) throws IOException {
        var builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        Map<String, String> env = new HashMap<>(Map.of(
                "GRACEKEEPER_HTTPS_PORT", "0",
                "GRACEKEEPER_MANAGEMENT_PORT", "0",
                "GRACEKEEPER_LOG_FORMAT", "text",
                "KUBERNETES_MASTER", "http://127.0.0.1:" + api.port()));
        env.putAll(variables);
        builder.environment().putAll(env);
        builder.redirectErrorStream(true);
        process = builder.start();
        Thread.ofVirtual().start(this::read);
    }

    int httpsPort() {
        return Integer.parseInt(started.join().group(1));
    }

    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + started.join().group(2) + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** What /readyz says; "gone" once nobody answers any more. */
    String readiness() {
        try {
            return management("/readyz").body().strip();
        } catch (IOException e) {
            return "gone";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void sigterm() {
        process.toHandle().destroy();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher matcher = STARTED.matcher(line);
                if (matcher.find()) {
                    started.complete(matcher);
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
        started.completeExceptionally(new IllegalStateException("ended before it started:\n" + output()));
    }
}
