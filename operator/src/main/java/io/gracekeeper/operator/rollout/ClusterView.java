package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.RolloutAudit;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The cluster as the informers last saw it. Never asks the API server. */
interface ClusterView {
    /** Every Deployment. */
    Collection<Deployment> deployments();

    /** The Deployment with this uid. */
    Optional<Deployment> deployment(String uid);

    /** The pods that this ReplicaSet controls. */
    List<Pod> podsOf(String replicaSetUid);

    /** The pod with this uid. */
    Optional<Pod> pod(String uid);

    /** The audits of the workload with this uid, in any order. */
    List<RolloutAudit> auditsOf(String workloadUid);

    /**
     * When an audit was last seen to be created or changed, by our clock; empty if it is known from a first list alone, so
     * that nobody can say whether somebody else was watching until now.
     */
    Optional<Instant> lastHeard(RolloutAudit audit);
}
