package io.gracekeeper.runtime;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client, with connections that can be given up for new ones. The JDK's own has no way to: all requests share one
 * connection of HTTP/2, and it neither asks a silent one for a sign of life (RFC 9113, 6.7) nor lets anybody close it.
 */
final class RenewableHttpClient extends HttpClient {
    private final HttpClient.Builder builder;
    private volatile HttpClient current;
    private boolean ended;

    private RenewableHttpClient(HttpClient.Builder builder) {
        this.builder = builder;
        this.current = builder.build();
    }

    /**
     * A builder of such clients.
     *
     * @param builder of the JDK's; used up
     * @param built told of each client
     */
    static HttpClient.Builder builder(HttpClient.Builder builder, Consumer<RenewableHttpClient> built) {
        return new Builder(builder, built);
    }

    /** Another client of the JDK's with the same settings and without any connection yet; the caller hands it on or ends it. */
    HttpClient another() {
        return builder.build();
    }

    /**
     * Takes another client from now on. What is in flight by the former ends with an {@link IOException}: watches go on by the
     * new one, and requests are tried again by whoever made them. If this client was ended meanwhile, the other one is too.
     */
    synchronized void renew(HttpClient another) {
        if (ended) {
            another.shutdownNow();
            return;
        }
        HttpClient former = current;
        current = another;
        former.shutdownNow();
    }

    /** The last one; there will be no other. */
    private synchronized HttpClient ended() {
        ended = true;
        return current;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return current.send(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return current.sendAsync(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
        return current.sendAsync(request, handler, pushes);
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return current.newWebSocketBuilder();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return current.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return current.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return current.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return current.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return current.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return current.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return current.authenticator();
    }

    @Override
    public Version version() {
        return current.version();
    }

    @Override
    public Optional<Executor> executor() {
        return current.executor();
    }

    @Override
    public void shutdown() {
        ended().shutdown();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
        return current.awaitTermination(duration);
    }

    @Override
    public boolean isTerminated() {
        return current.isTerminated();
    }

    @Override
    public void shutdownNow() {
        ended().shutdownNow();
    }

    @Override
    public void close() {
        ended().close();
    }

    /** Every setting is the JDK's; only what is built is ours. */
    private record Builder(HttpClient.Builder settings, Consumer<RenewableHttpClient> built)
            implements HttpClient.Builder {
        @Override
        public HttpClient.Builder cookieHandler(CookieHandler handler) {
            settings.cookieHandler(handler);
            return this;
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration duration) {
            settings.connectTimeout(duration);
            return this;
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext context) {
            settings.sslContext(context);
            return this;
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters parameters) {
            settings.sslParameters(parameters);
            return this;
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            settings.executor(executor);
            return this;
        }

        @Override
        public HttpClient.Builder followRedirects(Redirect policy) {
            settings.followRedirects(policy);
            return this;
        }

        @Override
        public HttpClient.Builder version(Version version) {
            settings.version(version);
            return this;
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            settings.priority(priority);
            return this;
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector selector) {
            settings.proxy(selector);
            return this;
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            settings.authenticator(authenticator);
            return this;
        }

        @Override
        public HttpClient.Builder localAddress(@Nullable InetAddress address) {
            settings.localAddress(address);
            return this;
        }

        @Override
        public HttpClient build() {
            var client = new RenewableHttpClient(settings);
            built.accept(client);
            return client;
        }
    }
}
