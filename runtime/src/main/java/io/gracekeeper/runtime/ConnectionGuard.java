package io.gracekeeper.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.io.IOException;
import java.net.HttpURLConnection;
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

    /** This and twice the patience is the longest that watches are silent. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * A health check, and not a question of its own: these pass by the queues of an API server that has too much to do (the exempt
     * flow schema {@code probes}), so that a long answer is no overload, and everybody may ask. Without etcd's: what is looked at is
     * the way there.
     */
    private static final String QUESTION = "livez?exclude=etcd";

    private static final int TOO_MANY_REQUESTS = 429;

    /** At most this many times the interval is doubled, where each new connection falls silent as well. */
    private static final int DOUBLINGS = 5;

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
        URI health = URI.create(client.getMasterUrl() + QUESTION);
        // The client's own, with its credentials: an anonymous question may be refused, and logged, each time.
        HttpClient asking = client.getHttpClient()
                .newBuilder()
                .tag(new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build())
                .build();
        thread = Thread.ofVirtual().name("connection-guard").start(() -> run(asking, health, connections));
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl client) {
        Thread asking = thread;
        if (asking != null) {
            asking.interrupt();
        }
        super.closeHttpClient(client);
    }

    private void run(HttpClient asking, URI health, RenewableHttpClient connections) {
        int renewed = 0;
        try {
            while (true) {
                Thread.sleep(pause(renewed));
                try {
                    if (!isSilent(asking, health)) {
                        renewed = 0;
                    } else if (renew(connections, health)) {
                        renewed++;
                    }
                } catch (RuntimeException e) {
                    LOG.atWarn()
                            .setCause(e)
                            .log("The connection to the API server could not be looked at; trying again");
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The client is closed, and its connection no longer watched");
        }
    }

    /**
     * How long to wait before the next question.
     *
     * @param renewed so many new connections in a row fell silent as well: it is not the connections
     */
    Duration pause(int renewed) {
        return interval.multipliedBy(1L << Math.min(renewed, DOUBLINGS));
    }

    /** Whether there is no answer. A refusal is one; a failure too: it has closed the connection, and the next request opens another. */
    private boolean isSilent(HttpClient asking, URI health) throws InterruptedException {
        var question = asking.newHttpRequestBuilder()
                .uri(health)
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

    /** Takes a new connection if there is an answer by it. One of a server that has too much to do, or stands before an absent one, is none. */
    private boolean renew(RenewableHttpClient connections, URI health) throws InterruptedException {
        java.net.http.HttpClient another = connections.another();
        boolean taken = false;
        try {
            HttpRequest question =
                    HttpRequest.newBuilder(health).timeout(patience).build();
            int status = another.send(question, BodyHandlers.discarding()).statusCode();
            if (status < HttpURLConnection.HTTP_INTERNAL_ERROR && status != TOO_MANY_REQUESTS) {
                LOG.atWarn()
                        .addKeyValue("silent", patience)
                        .log("The connection to the API server is dead, and was replaced: a new one answers");
                taken = true;
                connections.renew(another);
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("reason", e).log("The API server doesn't answer by a new connection either");
        } finally {
            if (!taken) {
                another.shutdownNow();
            }
        }
        return taken;
    }
}
