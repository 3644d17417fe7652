package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gracekeeper.crds.RolloutAudit;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cluster as three informers see it. */
final class InformedCluster implements ClusterView, ResourceEventHandler<RolloutAudit> {
    private static final String BY_UID = "uid";
    private static final String BY_OWNER = "owner";

    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<RolloutAudit> audits;
    private final Clock clock;
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();
    private volatile boolean listing = true;

    /** Adds its indexes; the informers must not have been started. */
    InformedCluster(
            SharedIndexInformer<Deployment> deployments,
            SharedIndexInformer<Pod> pods,
            SharedIndexInformer<RolloutAudit> audits,
            Clock clock) {
        this.deployments = deployments;
        this.pods = pods;
        this.audits = audits;
        this.clock = clock;
        Function<Deployment, List<String>> deploymentUid =
                d -> List.of(d.getMetadata().getUid());
        Function<Pod, List<String>> podUid = p -> List.of(p.getMetadata().getUid());
        Function<Pod, List<String>> podOwner = p ->
                Optional.ofNullable(PodReader.replicaSetUid(p)).map(List::of).orElse(List.of());
        Function<RolloutAudit, List<String>> auditOwner = a ->
                a.getSpec() == null ? List.of() : List.of(a.getSpec().workload().uid());
        deployments.addIndexers(Map.of(BY_UID, deploymentUid));
        pods.addIndexers(Map.of(BY_UID, podUid, BY_OWNER, podOwner));
        audits.addIndexers(Map.of(BY_OWNER, auditOwner));
        audits.addEventHandler(this);
    }

    @Override
    public Collection<Deployment> deployments() {
        return deployments.getStore().list();
    }

    @Override
    public Optional<Deployment> deployment(String uid) {
        return deployments.getIndexer().byIndex(BY_UID, uid).stream().findFirst();
    }

    @Override
    public List<Pod> podsOf(String replicaSetUid) {
        return pods.getIndexer().byIndex(BY_OWNER, replicaSetUid);
    }

    @Override
    public Optional<Pod> pod(String uid) {
        return pods.getIndexer().byIndex(BY_UID, uid).stream().findFirst();
    }

    @Override
    public List<RolloutAudit> auditsOf(String workloadUid) {
        return audits.getIndexer().byIndex(BY_OWNER, workloadUid);
    }

    @Override
    public Optional<Instant> lastHeard(RolloutAudit audit) {
        return Optional.ofNullable(heard.get(audit.getMetadata().getUid()));
    }

    @Override
    public void onBeforeList(@Nullable String lastSyncResourceVersion) {
        listing = true;
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
        listing = false;
    }

    @Override
    public void onAdd(RolloutAudit audit) {
        heard(audit);
    }

    @Override
    public void onUpdate(RolloutAudit before, RolloutAudit after) {
        heard(after);
    }

    private void heard(RolloutAudit audit) {
        if (!listing) {
            heard.put(audit.getMetadata().getUid(), clock.instant());
        }
    }

    @Override
    public void onDelete(RolloutAudit audit, boolean deletedFinalStateUnknown) {
        heard.remove(audit.getMetadata().getUid());
    }
}
