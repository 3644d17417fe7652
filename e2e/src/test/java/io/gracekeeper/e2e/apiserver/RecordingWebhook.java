package io.gracekeeper.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gracekeeper.e2e.machine.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Says yes to everything that an API server asks, with a patch where it is to have one, and keeps what it was asked. */
final class RecordingWebhook implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "recording";

    private final HttpsServer server;
    private final String certificate;
    private final Function<JsonNode, String> patch;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /**
     * One question.
     *
     * @param path that it was asked on
     * @param review as it came
     */
    record Asked(String path, ObjectNode review) {
        JsonNode request() {
            return review.path("request");
        }
    }

    private RecordingWebhook(HttpsServer server, String certificate, Function<JsonNode, String> patch) {
        this.server = server;
        this.certificate = certificate;
        this.patch = patch;
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    static RecordingWebhook start() throws IOException, GeneralSecurityException {
        return start(object -> "");
    }

    /**
     * Starts one.
     *
     * @param patch what it does to an object, as a JSON patch; empty for nothing
     */
    static RecordingWebhook start(Function<JsonNode, String> patch) throws IOException, GeneralSecurityException {
        KeyStore own = ownCertificate();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new RecordingWebhook(server, pem(own), patch);
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What a webhook configuration has to trust. */
    String caBundle() {
        return certificate;
    }

    /** All questions so far, in order. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode review = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            asked.add(new Asked(exchange.getRequestURI().getPath(), review));
            ObjectNode answer = JSON.createObjectNode();
            answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
            ObjectNode response = answer.putObject("response")
                    .put("uid", review.at("/request/uid").asText())
                    .put("allowed", true);
            String operations = patch.apply(review.at("/request/object"));
            if (!operations.isEmpty()) {
                response.put("patchType", "JSONPatch").put("patch", operations.getBytes(StandardCharsets.UTF_8));
            }
            byte[] body = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static KeyStore ownCertificate() throws IOException, GeneralSecurityException {
        Path folder = Files.createTempDirectory("recording-webhook");
        Path store = folder.resolve("store.p12");
        Command.of(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "recording",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=recording",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .run()
                .orFail();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        Files.delete(store);
        Files.delete(folder);
        return loaded;
    }

    private static String pem(KeyStore store) throws GeneralSecurityException {
        String der = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(store.getCertificate("recording").getEncoded());
        String pem = "-----BEGIN CERTIFICATE-----\n" + der + "\n-----END CERTIFICATE-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
