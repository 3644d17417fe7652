package io.gracekeeper.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out that the connection to the API server is half dead: that what is sent arrives nowhere, and nobody says so, as happens
 * where a firewall or load balancer forgot it, or a node was lost. All watches would fall silent at once, and each request would be
 * sent down the same connection until TCP gives up, a quarter of an hour after the first of them. So the guard asks something small
 * every few seconds. If there is no answer, but one by a new connection, the new one is taken and the old one closed: the watches go on
 * by it from where they were. An API server that answers neither way is away, and nothing would be won.
 */
final class ConnectionGuard extends JdkHttpClientFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);

    /** Two of these and two of the next are the longest that watches may be silent. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Duration interval;
    private final Duration patience;
    private volatile @Nullable RenewableHttpClient http;
    private volatile @Nullable Thread thread;

    /** A guard of the client that is built with it. */
    ConnectionGuard() {
        this(INTERVAL, PATIENCE);
    }

    /**
     * A guard with times of its own.
     *
     * @param interval between two questions
     * @param patience how long to wait for an answer
     */
    ConnectionGuard(Duration interval, Duration patience) {
        this.interval = interval;
        this.patience = patience;
    }

    @Override
    protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
        return RenewableHttpClient.builder(super.createNewHttpClientBuilder(), built -> http = built);
    }

    /** Begins to ask, until the client is closed. */
    void watch(KubernetesClient client) {
        RenewableHttpClient connections = http;
        if (connections == null) {
            throw new IllegalStateException("the client was not built with this guard");
        }
        URI version = URI.create(client.getMasterUrl() + "version");
        // The client's own, with its credentials: an anonymous question may be refused, and logged, each time.
        HttpClient asking = client.getHttpClient()
                .newBuilder()
                .tag(new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build())
                .build();
        thread = Thread.ofVirtual().name("connection-guard").start(() -> run(asking, version, connections));
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl client) {
        Thread asking = thread;
        if (asking != null) {
            asking.interrupt();
        }
        super.closeHttpClient(client);
    }

    private void run(HttpClient asking, URI version, RenewableHttpClient connections) {
        try {
            while (true) {
                Thread.sleep(interval);
                if (isSilent(asking, version)) {
                    renew(connections, version);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The client is closed, and its connection no longer watched");
        }
    }

    /** Whether there is no answer. A refusal is one; a failure too: it has closed the connection, and the next request opens another. */
    private boolean isSilent(HttpClient asking, URI version) throws InterruptedException {
        var question = asking.newHttpRequestBuilder()
                .uri(version)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        try {
            asking.sendAsync(question, byte[].class).get(patience.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            return isTimeout(e);
        }
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    private void renew(RenewableHttpClient connections, URI version) throws InterruptedException {
        java.net.http.HttpClient another = connections.another();
        boolean taken = false;
        try {
            HttpRequest question =
                    HttpRequest.newBuilder(version).timeout(patience).build();
            another.send(question, BodyHandlers.discarding());
            LOG.atWarn()
                    .addKeyValue("silent", patience)
                    .log("The connection to the API server is dead, and was replaced: a new one answers");
            taken = true;
            connections.renew(another);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("reason", e).log("The API server answers nothing, by a new connection neither");
        } finally {
            if (!taken) {
                another.shutdownNow();
            }
        }
    }
}
