package io.gracekeeper.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.ShutdownException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How we talk to the API server. */
public final class KubernetesClients {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesClients.class);

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

    /**
     * Retries inside one request. Few: the default of 10 doubles its pause up to 51 s, so that an informer would still sleep
     * long after the API server came back. Informers and reconcilers retry by themselves.
     */
    private static final int REQUEST_RETRIES = 3;

    /** First pause of an informer between two attempts; the client doubles it at most five times, so 8 s is the longest. */
    private static final int RECONNECT_INTERVAL_MILLIS = 250;

    /**
     * What watches bring, {@code Status} being their errors. A kind that is missing here is read all the same, with a detour through
     * the client's generic form.
     */
    private static final List<Class<? extends KubernetesResource>> WATCHED = List.of(
            Status.class,
            Deployment.class,
            ReplicaSet.class,
            Pod.class,
            Secret.class,
            MutatingWebhookConfiguration.class,
            ValidatingWebhookConfiguration.class,
            GracefulShutdownPolicy.class,
            ClusterGracefulShutdownPolicy.class,
            ShutdownException.class,
            RolloutAudit.class);

    private KubernetesClients() {}

    /** A client for the cluster that the pod runs in, or the one that {@code KUBECONFIG} names. The caller closes it. */
    public static KubernetesClient create(ProcessKind process) {
        return create(process, Config.autoConfigure(null));
    }

    /**
     * A client for the cluster that a configuration names.
     *
     * @param config changed by this: user agent, timeouts and retries become ours
     */
    public static KubernetesClient create(ProcessKind process, Config config) {
        config.setUserAgent("gracekeeper-" + process.word() + "/" + version());
        config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        config.setRequestTimeout(REQUEST_TIMEOUT_MILLIS);
        config.setRequestRetryBackoffLimit(REQUEST_RETRIES);
        config.setWatchReconnectInterval(RECONNECT_INTERVAL_MILLIS);
        // All watches share the one connection of HTTP/2, which comes with TLS. WebSockets, the default, have one each,
        // whose handshake costs a process that has just started 20 ms of CPU.
        config.setOnlyHttpWatches(config.getMasterUrl().startsWith("https"));
        return create(config, new ConnectionGuard());
    }

    /** The same, with a guard of the connection that has times of its own. */
    static KubernetesClient create(Config config, ConnectionGuard guard) {
        // Named, not looked for: a second HTTP client on the class path must not change which one we use.
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .withHttpClientFactory(guard)
                .build();
        if (config.isOnlyHttpWatches()) {
            guard.watch(client);
        }
        return client;
    }

    /**
     * Connects to the API server, and returns at once. Until there is a connection, each request makes one of its own, and handshakes
     * are the dearest part of a start: so whoever begins with many requests waits for this.
     *
     * @return done when there is a connection, or when it takes too long to wait for it; never exceptionally
     */
    public static CompletableFuture<@Nullable Void> connect(KubernetesClient client) {
        return CompletableFuture.<@Nullable Void>supplyAsync(() -> {
                    try {
                        client.raw("/version");
                    } catch (KubernetesClientException e) {
                        LOG.debug("No connection to the API server yet", e); // Who needs it says so.
                    }
                    return null;
                })
                .completeOnTimeout(null, CONNECT_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Knows the kinds that we watch. By default it would look up every kind of Kubernetes by the service loader at the first object
     * that it reads: more than a thousand classes, which cost both processes memory and a tenth of their start.
     */
    private static KubernetesSerialization serialization() {
        var serialization = new KubernetesSerialization(new ObjectMapper(), false);
        WATCHED.forEach(serialization::registerKubernetesResource);
        return serialization;
    }

    private static String version() {
        return Objects.requireNonNullElse(KubernetesClients.class.getPackage().getImplementationVersion(), "dev");
    }
}
