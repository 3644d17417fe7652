package io.gracekeeper.operator.certificate;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A real handshake, as the API server does it: it trusts a bundle and asks for the Service's name. */
final class TlsHandshake {
    private TlsHandshake() {}

    /** Throws where the client would not go on. */
    static void attempt(KeyedCertificate serving, List<X509Certificate> trusted, String name)
            throws GeneralSecurityException, IOException {
        try (SSLServerSocket server = (SSLServerSocket) serverContext(serving)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> accepted = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                } catch (IOException refusedByClient) {
                    // The client tells it better.
                }
            });
            try (SSLSocket client = (SSLSocket) clientContext(trusted)
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
                SSLParameters parameters = client.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                client.setSSLParameters(parameters);
                client.startHandshake();
                verifyName((X509Certificate) client.getSession().getPeerCertificates()[0], name);
            } finally {
                accepted.join();
            }
        }
    }

    private static void verifyName(X509Certificate certificate, String name) throws SSLException {
        try {
            if (certificate.getSubjectAlternativeNames().stream()
                    .noneMatch(each -> each.get(1).equals(name))) {
                throw new SSLException("not for " + name);
            }
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    private static SSLContext serverContext(KeyedCertificate serving) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        store.setKeyEntry("serving", serving.key(), new char[0], new X509Certificate[] {serving.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext clientContext(List<X509Certificate> trusted)
            throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        for (X509Certificate certificate : trusted) {
            store.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
