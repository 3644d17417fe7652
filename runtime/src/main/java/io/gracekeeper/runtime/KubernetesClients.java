package io.gracekeeper.runtime;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.Objects;

/** How we talk to the API server. */
public final class KubernetesClients {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

    /**
     * Retries inside one request. Few: the default of 10 doubles its pause up to 51 s, so that an informer would still sleep
     * long after the API server came back. Informers and reconcilers retry by themselves.
     */
    private static final int REQUEST_RETRIES = 3;

    /** First pause of an informer between two attempts; the client doubles it at most five times, so 8 s is the longest. */
    private static final int RECONNECT_INTERVAL_MILLIS = 250;

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
        // Named, not looked for: a second HTTP client on the class path must not change which one we use.
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    private static String version() {
        return Objects.requireNonNullElse(KubernetesClients.class.getPackage().getImplementationVersion(), "dev");
    }
}
