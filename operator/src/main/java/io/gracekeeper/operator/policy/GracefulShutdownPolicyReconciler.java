package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** Policies of namespaces, for java-operator-sdk. They have no finalizer: with every pod of ours dead, one can be deleted. */
@ControllerConfiguration(name = GracefulShutdownPolicyReconciler.NAME)
public final class GracefulShutdownPolicyReconciler implements Reconciler<GracefulShutdownPolicy> {
    /** The name of the controller, in logs and metrics. */
    public static final String NAME = "policies";

    private final PolicyReconciliation reconciliation;
    private final EngineSettings settings;
    private final Calls calls;

    /** A reconciler; to be registered once. */
    public GracefulShutdownPolicyReconciler(PolicyReconciliation reconciliation, EngineSettings settings, Calls calls) {
        this.reconciliation = reconciliation;
        this.settings = settings;
        this.calls = calls;
    }

    @Override
    public List<EventSource<?, GracefulShutdownPolicy>> prepareEventSources(
            EventSourceContext<GracefulShutdownPolicy> context) {
        return List.of(calls.ofPolicies());
    }

    @Override
    public UpdateControl<GracefulShutdownPolicy> reconcile(
            GracefulShutdownPolicy policy, Context<GracefulShutdownPolicy> context) {
        PolicyReconciliation.Outcome outcome = reconciliation.reconcile(PolicyObject.of(policy, settings));
        if (outcome.status() == null) {
            return UpdateControl.<GracefulShutdownPolicy>noUpdate().rescheduleAfter(outcome.again());
        }
        // Only what is ours: a server-side apply of the status by field manager gracekeeper.
        var patch = new GracefulShutdownPolicy();
        patch.setMetadata(StatusPatch.metadata(policy));
        patch.setSpec(null);
        patch.setStatus(outcome.status());
        return UpdateControl.patchStatus(patch).rescheduleAfter(outcome.again());
    }
}
