package io.gracekeeper.image.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A run of each process against the stand-in for an API server, from start to SIGTERM, with its real work in between: the JVM writes
 * down which classes it loaded and linked, and the image starts from that. It must see work; a cache of a start alone leaves the
 * first review of a new pod three times as slow. One cache each: what is in a cache is in memory, used or not.
 */
final class Training {
    /** The processes, in the order in which they are trained: the webhook needs the certificate that the operator makes. */
    static final List<String> PROCESSES = List.of("operator", "webhook");

    private static final int REVIEWS = 2000;
    private static final int CHANGES = 200;
    private static final String PASSWORD = "training";
    private static final String NAMESPACE = "gracekeeper-system";

    private final Path work;
    private final Path examples;
    private final Path java;
    private final Application application;
    private final Path flags;
    private final YAMLMapper yaml = new YAMLMapper();

    /**
     * A training.
     *
     * @param work a folder for keys, configuration and the logs
     * @param flags the folder with the committed flags, and in {@code training} the objects and reviews to train with
     * @param java the image's own launcher
     * @param application what to start, and where its caches belong
     */
    Training(Path work, Path flags, Path java, Application application) {
        this.work = work;
        this.flags = flags;
        this.examples = flags.resolve("training");
        this.java = java;
        this.application = application;
    }

    /** Runs the processes, one after the other, and writes their caches. */
    void run() throws IOException {
        Files.createDirectories(work);
        // Read by the first HTTP client that is made: the webhook's certificate is for the names of its Service.
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        try (var server = new StandInApiServer(keyStore(), PASSWORD)) {
            Map<ApiPath, ObjectNode> objects = objects();
            objects.forEach(server.store()::put);
            Map<String, String> environment = environment(server.port());
            try (TrainedProcess operator = start("operator", environment)) {
                operate(operator, server.store(), objects);
            }
            try (TrainedProcess webhook = start("webhook", environment)) {
                review(webhook);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while training", e);
        }
        for (String process : PROCESSES) {
            assemble(process, application.cache(process));
        }
    }

    private TrainedProcess start(String kind, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(application.trainingArguments(flags, kind));
        command.addAll(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording(kind)));
        return new TrainedProcess(kind, command, environment, work.resolve(kind + ".log"));
    }

    /**
     * The second step, which the JVM would do by itself at the end of the first if the image's runtime could start programs; it
     * can't, since its helper for that has no business in a container.
     */
    private void assemble(String kind, Path cache) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(application.trainingArguments(flags, kind));
        command.addAll(
                List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + recording(kind), "-XX:AOTCache=" + cache));
        Files.deleteIfExists(cache);
        String output = Tool.run(command);
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no AOT cache came of the training run:\n" + output);
        }
    }

    private Path recording(String kind) {
        return work.resolve(kind + ".aotconf");
    }

    /** As in a pod: the address in variables, a token and the server's authority in files. */
    private Map<String, String> environment(int port) throws IOException {
        Path token = work.resolve("token");
        Files.writeString(token, "training");
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", work.toString());
        environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(port));
        environment.put("KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", token.toString());
        environment.put("KUBERNETES_CERTS_CA_FILE", authority().toString());
        environment.put("GRACEKEEPER_NAMESPACE", NAMESPACE);
        environment.put("GRACEKEEPER_WEBHOOK_SERVICE", "gracekeeper-webhook");
        environment.put("GRACEKEEPER_TLS_SECRET", "gracekeeper-webhook-tls");
        environment.put("GRACEKEEPER_CA_SECRET", "gracekeeper-ca");
        environment.put("GRACEKEEPER_WEBHOOK_CONFIGURATION", "gracekeeper");
        environment.put("GRACEKEEPER_LEASE", "gracekeeper-operator");
        environment.put("GRACEKEEPER_CANARY_NAMESPACE", NAMESPACE + "-canary");
        environment.put("GRACEKEEPER_DRAIN_SECONDS", "0");
        environment.put("GRACEKEEPER_LOG_FORMAT", "json");
        return environment;
    }

    /** Each file holds one object, under the path that it is served at. */
    private Map<ApiPath, ObjectNode> objects() throws IOException {
        Map<ApiPath, ObjectNode> objects = new TreeMap<>();
        for (Path file : Folders.files(examples.resolve("objects"))) {
            ObjectNode object = (ObjectNode) yaml.readTree(Files.readString(file));
            objects.put(ApiPath.of(object.remove("path").asText()), object);
        }
        return objects;
    }

    /** Until it leads and has written the certificate, then changes as a cluster at work brings them. */
    private static void operate(TrainedProcess operator, ObjectStore store, Map<ApiPath, ObjectNode> objects)
            throws IOException, InterruptedException {
        operator.awaitReady();
        ApiPath certificate = ApiPath.of("/api/v1/namespaces/" + NAMESPACE + "/secrets/gracekeeper-webhook-tls");
        operator.await("writes no certificate", () -> store.get(certificate) != null);
        List<Map.Entry<ApiPath, ObjectNode>> workloads = objects.entrySet().stream()
                .filter(object -> object.getKey().namespace().equals("shop"))
                .toList();
        for (int i = 0; i < CHANGES; i++) {
            Map.Entry<ApiPath, ObjectNode> workload = workloads.get(i % workloads.size());
            ObjectNode object = workload.getValue().deepCopy();
            object.withObject("/metadata/labels").put("change", String.valueOf(i));
            store.put(workload.getKey(), object);
            operator.probe();
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void review(TrainedProcess webhook) throws IOException, InterruptedException {
        List<Path> reviews = Folders.files(examples.resolve("reviews"));
        int port = webhook.httpsPort();
        try (HttpClient http1 = client(HttpClient.Version.HTTP_1_1);
                HttpClient http2 = client(HttpClient.Version.HTTP_2)) {
            webhook.awaitReady();
            // By then it has its policies: everything is connected.
            webhook.await(
                    "refuses nothing",
                    () -> send(http2, port, examples.resolve("reviews/validate-workloads-refused.json"))
                            .contains("\"allowed\":false"));
            for (int i = 0; i < REVIEWS; i++) {
                send(i % 4 == 0 ? http1 : http2, port, reviews.get(i % reviews.size()));
                if (i % 20 == 0) {
                    webhook.probe();
                }
            }
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
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-keystore",
                file.toString());
        return file;
    }

    /** The stand-in's certificate is its own authority. */
    private Path authority() throws IOException {
        Path file = work.resolve("ca.crt");
        Files.deleteIfExists(file);
        keytool(
                "-exportcert",
                "-rfc",
                "-file",
                file.toString(),
                "-keystore",
                work.resolve("stand-in.p12").toString());
        return file;
    }

    private static void keytool(String... what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(what));
        command.addAll(List.of("-alias", "stand-in", "-storetype", "PKCS12", "-storepass", PASSWORD));
        Tool.run(command);
    }

    /** Trusts whoever answers on the loopback interface: there is nothing to protect. */
    private static HttpClient client(HttpClient.Version version) {
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
