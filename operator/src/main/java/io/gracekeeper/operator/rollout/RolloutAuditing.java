package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.operator.leader.WriteBudget;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits the rollouts of all Deployments that a policy asks to be audited: the wiring of this package.
 *
 * <p>Runs on every replica, so that the one that takes over has seen what there was to see; only the leader writes.
 */
public final class RolloutAuditing implements AutoCloseable {
    /** Enough for the pods that end within {@link PodTerminationLedger#RETENTION} in a large cluster, in about 10 MB. */
    private static final int LEDGER_CAPACITY = 10_000;

    private static final Duration PASS = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(RolloutAuditing.class);

    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<ReplicaSet> replicaSets;
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<RolloutAudit> audits;
    private final PodTerminationRecorder recorder;
    private final ReplicaSetBook book;
    private final InformedCluster cluster;
    private final RolloutTracker tracker;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rollout-audits").daemon().factory());

    private @Nullable ScheduledFuture<?> passes;

    /**
     * Nothing runs before {@link #start}.
     *
     * @param client reads Pods, ReplicaSets, Deployments and RolloutAudits of all namespaces; writes RolloutAudits
     * @param policies answers how rollouts are to be audited
     * @param events sends Events about Deployments
     * @param meters registers {@code gracekeeper.rollouts}, {@code gracekeeper.pod.ends} and two about the ledger
     * @param clock the time of what is seen and written
     * @param isLeader whether this replica may write now
     * @param budget how much may be written
     */
    public RolloutAuditing(
            KubernetesClient client,
            AuditPolicies policies,
            EventRecorder events,
            MeterRegistry meters,
            Clock clock,
            BooleanSupplier isLeader,
            WriteBudget budget) {
        this(client, policies, events::record, meters, clock, isLeader, budget, LEDGER_CAPACITY);
    }

    RolloutAuditing(
            KubernetesClient client,
            AuditPolicies policies,
            RolloutEvents events,
            MeterRegistry meters,
            Clock clock,
            BooleanSupplier isLeader,
            WriteBudget budget,
            int ledgerCapacity) {
        this.pods = client.pods().inAnyNamespace().runnableInformer(0);
        this.replicaSets = client.apps().replicaSets().inAnyNamespace().runnableInformer(0);
        this.deployments = client.apps().deployments().inAnyNamespace().runnableInformer(0);
        this.audits = client.resources(RolloutAudit.class).inAnyNamespace().runnableInformer(0);
        PodTerminationLedger ledger = new PodTerminationLedger(ledgerCapacity);
        WatchLog watch = new WatchLog();
        this.recorder = new PodTerminationRecorder(ledger, watch, clock);
        this.cluster = new InformedCluster(deployments, pods, audits, clock);
        this.book = new ReplicaSetBook(clock, this::changed);
        this.tracker = new RolloutTracker(
                cluster,
                book,
                ledger,
                watch,
                policies,
                new AuditWriter(new KubernetesAuditStore(client), new RolloutAnnouncer(events, meters), budget),
                isLeader,
                clock);
        Gauge.builder("gracekeeper.audit.ledger.entries", ledger, PodTerminationLedger::size)
                .description("Ending pods that this replica remembers")
                .register(meters);
        FunctionCounter.builder("gracekeeper.audit.ledger.overflow", ledger, PodTerminationLedger::overflow)
                .description("Ending pods that were forgotten for want of room; they count as unseen")
                .register(meters);
    }

    private void changed(String deploymentUid) {
        tracker.changed(deploymentUid);
    }

    /** Starts watching; returns at once. A watch that fails is tried again for ever. */
    public void start() {
        pods.addEventHandler(recorder);
        replicaSets.addEventHandler(book);
        deployments.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Deployment deployment) {
                changed(deployment.getMetadata().getUid());
            }

            @Override
            public void onUpdate(Deployment before, Deployment after) {
                changed(before.getMetadata().getUid());
                changed(after.getMetadata().getUid());
            }

            @Override
            public void onDelete(Deployment deployment, boolean deletedFinalStateUnknown) {
                changed(deployment.getMetadata().getUid());
            }
        });
        for (SharedIndexInformer<?> informer : List.of(audits, deployments, replicaSets, pods)) {
            informer.exceptionHandler((started, failure) -> true);
            informer.start();
        }
        passes = loop.scheduleWithFixedDelay(this::pass, PASS.toMillis(), PASS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void pass() {
        if (!hasSynced()) {
            return;
        }
        try {
            tracker.pass();
        } catch (RuntimeException e) {
            // The next pass starts from what the caches say; ending this thread would end all audits.
            LOG.atError().setCause(e).log("a pass over the rollouts failed");
        }
    }

    /** Its Deployments, for others to read: to be asked for before the start, and not to be stopped. */
    public SharedIndexInformer<Deployment> deployments() {
        return deployments;
    }

    /** Its ReplicaSets, for others to read: to be asked for before the start, and not to be stopped. */
    public SharedIndexInformer<ReplicaSet> replicaSets() {
        return replicaSets;
    }

    /** Has somebody told of each Deployment and each audit that changes; to be asked for before the start. */
    public void onDeploymentOrAudit(Consumer<HasMetadata> listener) {
        deployments.addEventHandler(new Told<>(listener));
        audits.addEventHandler(new Told<>(listener));
    }

    private record Told<T extends HasMetadata>(Consumer<HasMetadata> listener) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            listener.accept(object);
        }

        @Override
        public void onUpdate(T before, T after) {
            listener.accept(after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            listener.accept(object);
        }
    }

    /** All audits of a workload, from memory. */
    public List<RolloutAudit> auditsOf(String workloadUid) {
        return cluster.auditsOf(workloadUid);
    }

    /** Whether everything was listed once. */
    public boolean hasSynced() {
        return pods.hasSynced() && replicaSets.hasSynced() && deployments.hasSynced() && audits.hasSynced();
    }

    /** Writes what is still in mind, for at most five seconds, and stops watching. */
    @Override
    public void close() {
        if (passes != null) {
            passes.cancel(false);
        }
        try {
            loop.execute(tracker::flush);
            loop.shutdown();
            if (!loop.awaitTermination(5, TimeUnit.SECONDS)) {
                loop.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List.of(pods, replicaSets, deployments, audits).forEach(SharedIndexInformer::stop);
    }
}
