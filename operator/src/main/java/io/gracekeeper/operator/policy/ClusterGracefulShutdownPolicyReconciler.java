package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** Policies of the cluster, for java-operator-sdk: one status over all namespaces. They have no finalizer. */
@ControllerConfiguration(name = ClusterGracefulShutdownPolicyReconciler.NAME)
public final class ClusterGracefulShutdownPolicyReconciler implements Reconciler<ClusterGracefulShutdownPolicy> {
    /** The name of the controller, in logs and metrics. */
    public static final String NAME = "cluster-policies";

    private final PolicyReconciliation reconciliation;
    private final EngineSettings settings;
    private final Calls calls;

    /** A reconciler; to be registered once. */
    public ClusterGracefulShutdownPolicyReconciler(
            PolicyReconciliation reconciliation, EngineSettings settings, Calls calls) {
        this.reconciliation = reconciliation;
        this.settings = settings;
        this.calls = calls;
    }

    @Override
    public List<EventSource<?, ClusterGracefulShutdownPolicy>> prepareEventSources(
            EventSourceContext<ClusterGracefulShutdownPolicy> context) {
        return List.of(calls.ofClusterPolicies());
    }

    @Override
    public UpdateControl<ClusterGracefulShutdownPolicy> reconcile(
            ClusterGracefulShutdownPolicy policy, Context<ClusterGracefulShutdownPolicy> context) {
        PolicyReconciliation.Outcome outcome = reconciliation.reconcile(PolicyObject.of(policy, settings));
        if (outcome.status() == null) {
            return UpdateControl.<ClusterGracefulShutdownPolicy>noUpdate().rescheduleAfter(outcome.again());
        }
        var patch = new ClusterGracefulShutdownPolicy();
        patch.setMetadata(StatusPatch.metadata(policy));
        patch.setSpec(null);
        patch.setStatus(outcome.status());
        return UpdateControl.patchStatus(patch).rescheduleAfter(outcome.again());
    }
}
