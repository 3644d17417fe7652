package io.gracekeeper.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The webhook's own server, either with its own handler or answering every body at once with the same bytes: {@code BenchServer
 * idle|real <key store> <password>}. Logs what the webhook logs, and prints the port on the error stream.
 */
public final class BenchServer {
    private static final byte[] YES =
            "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"uid\":\"1\",\"allowed\":true}}"
                    .getBytes(StandardCharsets.UTF_8);

    private BenchServer() {}

    /**
     * Serves until it is killed.
     *
     * @param args as the type says
     */
    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
        char[] password = args[2].toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(Path.of(args[1]))) {
            store.load(in, password);
        }
        var keys = new ReloadingKeyManager();
        keys.use(new CertifiedKey((PrivateKey) store.getKey("bench", password), List.of((X509Certificate)
                store.getCertificate("bench"))));
        ReviewAnswers answers = args[0].equals("idle") ? (path, body) -> YES : BenchReviews.handler(1);
        var server = new AdmissionServer(0, keys, answers, () -> false).start();
        System.err.println("PORT " + server.port()); // The other stream is for the log.
        Thread.currentThread().join();
    }
}
