package io.gracekeeper.webhook;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.SessionContainer;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 and HTTP/2 over TLS, and the three ways in which a server ends it: no new connections, a goodbye to those that are
 * open, and not waiting for the idle ones.
 */
final class TlsConnector {
    /** A Go client, such as the API server, drops an idle connection after 90 s: it must be the first, or requests get lost. */
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(3);

    private static final Duration LAST_MOMENTS = Duration.ofMillis(100);
    private static final Duration STOP_TIMEOUT = Duration.ofMillis(500);

    private final int port;
    private final X509ExtendedKeyManager keys;
    private @Nullable ServerConnector connector;
    private @Nullable HTTP2ServerConnectionFactory http2;

    TlsConnector(int port, X509ExtendedKeyManager keys) {
        this.port = port;
        this.keys = keys;
    }

    /** Builds it for a server. To be called once. */
    ServerConnector create(Server server, HttpConfiguration defaults) {
        var https = new HttpConfiguration(defaults);
        https.setSendServerVersion(false);
        https.setSendDateHeader(false);
        // Whoever can resolve the Service may call it by any of its names: the certificate is checked by the client.
        https.addCustomizer(new SecureRequestCustomizer(false));
        var http1 = new HttpConnectionFactory(https);
        http2 = new HTTP2ServerConnectionFactory(https);
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        connector = new ServerConnector(
                server, 1, 1, new SslConnectionFactory(tls(), alpn.getProtocol()), alpn, http2, http1);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        return connector;
    }

    /** Closes the listening socket alone. */
    void stopListening() {
        created(connector).close();
    }

    /** Sends GOAWAY to each HTTP/2 connection: what was sent is still answered, the next request goes elsewhere. */
    void sayGoodbye() {
        for (SessionContainer sessions : created(http2).getBeans(SessionContainer.class)) {
            // Done only when the client has closed the session, which it may put off: nothing to wait for.
            var _ = sessions.shutdown();
        }
    }

    /**
     * Makes the stop short. Jetty would wait for idle keep-alive connections as long as for busy ones, and break off requests of
     * HTTP/2 after a second in any case; so the busy ones are waited for before, by {@link AdmissionServer#finishInFlight}.
     */
    void dontWaitForIdleConnections() {
        ServerConnector created = created(connector);
        created.setShutdownIdleTimeout(LAST_MOMENTS.toMillis());
        created.getServer().setStopTimeout(STOP_TIMEOUT.toMillis());
    }

    private SslContextFactory.Server tls() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            var tls = new SslContextFactory.Server();
            tls.setSslContext(context);
            tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static <T> T created(@Nullable T part) {
        return Objects.requireNonNull(part, "the connector was not created yet");
    }
}
