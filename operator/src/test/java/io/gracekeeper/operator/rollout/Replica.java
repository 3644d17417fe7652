package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.policy.AuditSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One replica of the operator, watching a simulated cluster. */
final class Replica implements ClusterView {
    final SimulatedCluster cluster;
    final PodTerminationLedger ledger;
    final WatchLog watch = new WatchLog();
    final PodTerminationRecorder recorder;
    final ReplicaSetBook book;
    final RolloutTracker tracker;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<String> events = new ArrayList<>();
    final Map<String, Instant> heard = new HashMap<>();
    boolean leads = true;
    boolean apiServerAway;
    AuditSettings settings = new AuditSettings(true, Set.of(0, 143), 3);

    private Replica(SimulatedCluster cluster, int ledgerCapacity) {
        this.cluster = cluster;
        ledger = new PodTerminationLedger(ledgerCapacity);
        recorder = new PodTerminationRecorder(ledger, watch, cluster.clock);
        book = new ReplicaSetBook(cluster.clock, uid -> tracker().changed(uid));
        tracker = new RolloutTracker(
                this,
                book,
                ledger,
                watch,
                (namespace, labels) -> settings,
                new AuditWriter(
                        new Unreliable(),
                        new RolloutAnnouncer(
                                (regarding, reason, note) ->
                                        events.add(reason.severity().word() + " " + reason.word() + " " + note),
                                meters),
                        new WriteBudget(50)),
                () -> leads,
                cluster.clock);
    }

    private RolloutTracker tracker() {
        return tracker;
    }

    /** Starts, as a pod of the operator does: everything is listed once, then watched. */
    static Replica start(SimulatedCluster cluster) {
        return start(cluster, 1000);
    }

    static Replica start(SimulatedCluster cluster, int ledgerCapacity) {
        Replica replica = new Replica(cluster, ledgerCapacity);
        cluster.replicaSets.values().forEach(replica.book::onAdd);
        replica.book.onList("1", cluster.replicaSets.isEmpty());
        replica.recorder.onBeforeList(null);
        cluster.pods.values().forEach(replica.recorder::onAdd);
        replica.recorder.onList("1", cluster.pods.isEmpty());
        replica.tracker.changed(SimulatedCluster.DEPLOYMENT_UID);
        cluster.replicas.add(replica);
        return replica;
    }

    /** Dies, and forgets everything. */
    void kill() {
        cluster.replicas.remove(this);
    }

    void pass() {
        tracker.pass();
    }

    @Override
    public Collection<Deployment> deployments() {
        return List.of(cluster.deployment);
    }

    @Override
    public Optional<Deployment> deployment(String uid) {
        return Optional.of(cluster.deployment)
                .filter(d -> d.getMetadata().getUid().equals(uid));
    }

    @Override
    public List<Pod> podsOf(String replicaSetUid) {
        return cluster.pods.values().stream()
                .filter(pod -> replicaSetUid.equals(PodReader.replicaSetUid(pod)))
                .toList();
    }

    @Override
    public Optional<Pod> pod(String uid) {
        return Optional.ofNullable(cluster.pods.get(uid));
    }

    @Override
    public List<RolloutAudit> auditsOf(String workloadUid) {
        return cluster.audits.values().stream()
                .filter(audit -> audit.getSpec().workload().uid().equals(workloadUid))
                .toList();
    }

    @Override
    public Optional<Instant> lastHeard(RolloutAudit audit) {
        return Optional.ofNullable(heard.get(audit.getMetadata().getUid()));
    }

    /** The way to the API server, which may be cut. */
    private final class Unreliable implements AuditStore {
        private void reach() {
            if (apiServerAway) {
                throw new KubernetesClientException("connection refused");
            }
        }

        @Override
        public RolloutAudit create(RolloutAudit audit) {
            reach();
            return cluster.create(audit);
        }

        @Override
        public RolloutAudit get(String namespace, String name) {
            reach();
            return cluster.get(namespace, name);
        }

        @Override
        public RolloutAudit writeStatus(RolloutAudit audit, RolloutAuditStatus status) {
            reach();
            return cluster.writeStatus(audit, status);
        }

        @Override
        public void delete(RolloutAudit audit) {
            reach();
            cluster.delete(audit);
        }
    }
}
