package io.gracekeeper.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.PolicyLister;
import io.gracekeeper.policy.PolicySnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All policies and exceptions of the cluster and the labels of its namespaces, held by informers and compiled into one immutable
 * snapshot that is swapped at once. Answers from memory, also while the API server is away: it then goes on with what it knew
 * last, and lists again by itself afterwards.
 */
public final class PolicyStore implements PolicyLister, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStore.class);

    private static final int KINDS = 4;

    private final EngineSettings limits;
    private final SharedIndexInformer<GracefulShutdownPolicy> policies;
    private final SharedIndexInformer<ClusterGracefulShutdownPolicy> clusterPolicies;
    private final SharedIndexInformer<ShutdownException> exceptions;
    private final ReducedInformer<Map<String, String>> namespaces;
    private final ExecutorService compiler = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("policy-compiler").factory());
    private final AtomicInteger unlisted = new AtomicInteger(KINDS);
    private final AtomicBoolean stale = new AtomicBoolean();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile PolicySnapshot snapshot = PolicySnapshot.empty();
    private volatile boolean synced;

    /**
     * A store that isn't started yet.
     *
     * @param client stays the caller's; must outlive the store
     * @param limits what policies may ask for; one that asks for more is left out of the snapshot
     */
    public PolicyStore(KubernetesClient client, EngineSettings limits) {
        this.limits = limits;
        this.policies = followed(
                client.resources(GracefulShutdownPolicy.class).inAnyNamespace().runnableInformer(0));
        this.clusterPolicies =
                followed(client.resources(ClusterGracefulShutdownPolicy.class).runnableInformer(0));
        this.exceptions = followed(
                client.resources(ShutdownException.class).inAnyNamespace().runnableInformer(0));
        this.namespaces = new ReducedInformer<>(
                client,
                ReducedInformer.kind("", "v1", "Namespace", "namespaces", false),
                namespace -> Map.copyOf(
                        Objects.requireNonNullElse(namespace.getMetadata().getLabels(), Map.of())),
                (before, after) -> markStale());
    }

    private <T extends HasMetadata> SharedIndexInformer<T> followed(SharedIndexInformer<T> informer) {
        // The default gives up where the first list fails; a process may well start before its API server.
        informer.exceptionHandler((started, failure) -> {
            LOG.atWarn()
                    .addKeyValue("kind", informer.getApiTypeClass().getSimpleName())
                    .addKeyValue("reason", failure)
                    .log("Policies can't be listed or watched; trying again");
            return true;
        });
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                markStale();
            }

            @Override
            public void onUpdate(T before, T after) {
                markStale();
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                markStale();
            }
        });
        return informer;
    }

    /** Starts listing and watching, and returns at once; {@link #hasSynced} tells when the first lists are in use. */
    public void start() {
        policies.start().thenRun(this::listed);
        clusterPolicies.start().thenRun(this::listed);
        exceptions.start().thenRun(this::listed);
        namespaces.start(this::listed);
    }

    private void listed() {
        if (unlisted.decrementAndGet() == 0) {
            LOG.atInfo()
                    .addKeyValue("policies", policies.getStore().list().size())
                    .addKeyValue(
                            "clusterPolicies", clusterPolicies.getStore().list().size())
                    .addKeyValue("exceptions", exceptions.getStore().list().size())
                    .addKeyValue("namespaces", namespaces.all().size())
                    .log("Policies listed");
            submit();
        }
    }

    /** Whether the policies that the API server had at the start are in use. Stays true when the API server goes away. */
    public boolean hasSynced() {
        return synced;
    }

    /** Whether all watches are open right now; false means that some changes are not seen for the moment. */
    public boolean isWatching() {
        return policies.isWatching()
                && clusterPolicies.isWatching()
                && exceptions.isWatching()
                && namespaces.isWatching();
    }

    /** The policies of this moment. Whoever makes several decisions that must agree takes one snapshot for all. */
    public PolicySnapshot snapshot() {
        return snapshot;
    }

    @Override
    public NamespacePolicies policiesIn(String namespace) {
        return snapshot.policiesIn(namespace);
    }

    /** Every policy of a namespace as the API server gave it, valid or not, in no order. */
    public List<GracefulShutdownPolicy> policies() {
        return policies.getStore().list();
    }

    /** Every policy of the cluster as the API server gave it, valid or not, in no order. */
    public List<ClusterGracefulShutdownPolicy> clusterPolicies() {
        return clusterPolicies.getStore().list();
    }

    /** Every exception as the API server gave it, valid or not, in no order; also those that have expired. */
    public List<ShutdownException> exceptions() {
        return exceptions.getStore().list();
    }

    /** Everything that the next snapshot would be made of. */
    public PolicyInputs inputs() {
        return new PolicyInputs(policies(), clusterPolicies(), exceptions(), new HashMap<>(namespaces.all()));
    }

    /** Has somebody told after each swap of the snapshot, on a thread of the store; it must return soon. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Stops watching. The snapshot stays. */
    @Override
    public void close() {
        policies.stop();
        clusterPolicies.stop();
        exceptions.stop();
        namespaces.close();
        compiler.shutdownNow();
    }

    private void markStale() {
        // Before the first lists are complete a snapshot would lack policies, and a workload would pass that must not.
        if (unlisted.get() == 0) {
            submit();
        }
    }

    /** Many events at once become one compilation: what arrives while one is waiting is covered by it. */
    private void submit() {
        if (stale.compareAndSet(false, true)) {
            try {
                compiler.execute(this::compile);
            } catch (RejectedExecutionException e) {
                LOG.debug("Policy change after the stop is ignored");
            }
        }
    }

    private void compile() {
        stale.set(false);
        try {
            snapshot = PolicySnapshot.of(inputs(), limits);
            synced = true;
        } catch (RuntimeException e) {
            LOG.error("Policies can't be compiled; the previous ones stay in use", e);
            return;
        }
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("A listener of policy changes failed", e);
            }
        }
    }
}
