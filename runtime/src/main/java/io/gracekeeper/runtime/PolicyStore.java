package io.gracekeeper.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PolicyLister;
import io.gracekeeper.policy.PolicySnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All policies of the cluster, held by an informer and compiled into one immutable snapshot that is swapped at once. Answers from
 * memory, also while the API server is away: it then goes on with what it knew last, and lists again by itself afterwards.
 */
public final class PolicyStore implements PolicyLister, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStore.class);

    private final EngineSettings limits;
    private final SharedIndexInformer<GracefulShutdownPolicy> informer;
    private final ExecutorService compiler = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("policy-compiler").factory());
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
        this.informer =
                client.resources(GracefulShutdownPolicy.class).inAnyNamespace().runnableInformer(0);
        // The default gives up where the first list fails; a process may well start before its API server.
        informer.exceptionHandler((started, failure) -> {
            LOG.atWarn().addKeyValue("reason", failure).log("Policies can't be listed or watched; trying again");
            return true;
        });
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(GracefulShutdownPolicy policy) {
                markStale();
            }

            @Override
            public void onUpdate(GracefulShutdownPolicy before, GracefulShutdownPolicy after) {
                markStale();
            }

            @Override
            public void onDelete(GracefulShutdownPolicy policy, boolean finalStateUnknown) {
                markStale();
            }
        });
    }

    /** Starts listing and watching, and returns at once; {@link #hasSynced} tells when the first list is in use. */
    public void start() {
        informer.start().thenRun(() -> {
            LOG.atInfo()
                    .addKeyValue("policies", informer.getStore().list().size())
                    .log("Policies listed");
            submit();
        });
    }

    /** Whether the policies that the API server had at the start are in use. Stays true when the API server goes away. */
    public boolean hasSynced() {
        return synced;
    }

    /** Whether a watch is open right now; false means that changes of policies are not seen for the moment. */
    public boolean isWatching() {
        return informer.isWatching();
    }

    /** The policies of this moment. Whoever makes several decisions that must agree takes one snapshot for all. */
    public PolicySnapshot snapshot() {
        return snapshot;
    }

    @Override
    public NamespacePolicies policiesIn(String namespace) {
        return snapshot.policiesIn(namespace);
    }

    /** Every policy as the API server gave it, valid or not, in no order. */
    public List<GracefulShutdownPolicy> policies() {
        return informer.getStore().list();
    }

    /** Has somebody told after each swap of the snapshot, on a thread of the store; it must return soon. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Stops watching. The snapshot stays. */
    @Override
    public void close() {
        informer.stop();
        compiler.shutdownNow();
    }

    private void markStale() {
        // Before the first list is complete a snapshot would lack policies, and a workload would pass that must not.
        if (synced) {
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
            snapshot = PolicySnapshot.of(informer.getStore().list(), limits);
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
