package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.operator.enforcement.EnforcementState;
import io.gracekeeper.operator.retrofit.RetrofitReport;
import io.gracekeeper.operator.retrofit.Retrofitter;
import io.gracekeeper.operator.workload.JudgedDeployment;
import io.gracekeeper.operator.workload.WorkloadJudgements;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.PolicyValidator;
import io.gracekeeper.runtime.PolicyStore;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One policy: validate it, judge the workloads that it matches, take its turn, say in its status what was found. It has no
 * finalizer: with every pod of ours dead, a policy can be deleted.
 */
@ControllerConfiguration(name = GracefulShutdownPolicyReconciler.NAME)
public final class GracefulShutdownPolicyReconciler implements Reconciler<GracefulShutdownPolicy> {
    /** The name of the controller, in logs and metrics. */
    public static final String NAME = "policies";

    /** While something is on its way: restarts of pods send no event of a Deployment. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(5);

    /** A proof of enforcement grows old without an event. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** How soon to look again when the policy store has not seen yet what we were called for. */
    private static final Duration STORE_LAGS = Duration.ofSeconds(1);

    private final PolicyStore policies;
    private final EngineSettings limits;
    private final WorkloadJudgements judgements;
    private final Retrofitter retrofitter;
    private final EnforcementState enforcement;
    private final Clock clock;
    private final PolicyEventSources sources;

    /** A reconciler; to be registered once. */
    public GracefulShutdownPolicyReconciler(
            PolicyStore policies,
            EngineSettings limits,
            WorkloadJudgements judgements,
            Retrofitter retrofitter,
            EnforcementState enforcement,
            Clock clock) {
        this.policies = policies;
        this.limits = limits;
        this.judgements = judgements;
        this.retrofitter = retrofitter;
        this.enforcement = enforcement;
        this.clock = clock;
        this.sources = new PolicyEventSources(policies, judgements, enforcement);
    }

    @Override
    public List<EventSource<?, GracefulShutdownPolicy>> prepareEventSources(
            EventSourceContext<GracefulShutdownPolicy> context) {
        return sources.prepare(context);
    }

    @Override
    public UpdateControl<GracefulShutdownPolicy> reconcile(
            GracefulShutdownPolicy policy, Context<GracefulShutdownPolicy> context) {
        List<FieldError> errors = PolicyValidator.validate(policy.getSpec(), limits);
        PolicySnapshot snapshot = policies.snapshot();
        if (errors.isEmpty() && !holds(snapshot, policy)) {
            return UpdateControl.<GracefulShutdownPolicy>noUpdate().rescheduleAfter(STORE_LAGS);
        }
        Enforcement enforced = enforcement.current();
        List<JudgedDeployment> matched = errors.isEmpty() ? matched(policy, snapshot) : List.of();
        RetrofitReport retrofit = errors.isEmpty() ? retrofit(policy, snapshot, matched, enforced) : null;
        List<Judgement> found =
                matched.stream().map(JudgedDeployment::judgement).toList();
        var inputs = new StatusInputs(
                reference(policy), generation(policy), policy.getSpec(), errors, found, enforced, retrofit);
        GracefulShutdownPolicyStatus status = PolicyStatusBuilder.build(policy.getStatus(), inputs, clock.instant());
        Duration again = retrofit != null && retrofit.isUnderWay() ? UNDER_WAY : IDLE;
        return status.equals(policy.getStatus())
                ? UpdateControl.<GracefulShutdownPolicy>noUpdate().rescheduleAfter(again)
                : UpdateControl.patchStatus(withStatus(policy, status)).rescheduleAfter(again);
    }

    /** Whether the snapshot was made from this very spec; if not, it would be judged by an older one. */
    private static boolean holds(PolicySnapshot snapshot, GracefulShutdownPolicy policy) {
        PolicyReference self = reference(policy);
        return snapshot.policiesIn(self.namespace()).policies().stream()
                .anyMatch(compiled ->
                        compiled.reference().equals(self) && compiled.spec().equals(policy.getSpec()));
    }

    private List<JudgedDeployment> matched(GracefulShutdownPolicy policy, PolicySnapshot snapshot) {
        PolicyReference self = reference(policy);
        return judgements.judge(self.namespace(), sources.deployments(self.namespace()), snapshot).stream()
                .filter(judged -> judged.judgement().policy().policies().contains(self))
                .toList();
    }

    private @Nullable RetrofitReport retrofit(
            GracefulShutdownPolicy policy,
            PolicySnapshot snapshot,
            List<JudgedDeployment> matched,
            Enforcement enforced) {
        List<Deployment> touched = sources.touchedDeployments();
        List<RolloutAudit> audits = sources.audits(policy.getMetadata().getNamespace());
        return retrofitter.take(new Retrofitter.Turn(policy, snapshot, matched, touched, audits, enforced.isProven()));
    }

    /** Only what is ours: a server-side apply of the status by field manager {@code gracekeeper}. */
    private static GracefulShutdownPolicy withStatus(
            GracefulShutdownPolicy policy, GracefulShutdownPolicyStatus status) {
        var patch = new GracefulShutdownPolicy();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(policy.getMetadata().getNamespace())
                .withName(policy.getMetadata().getName())
                .build());
        patch.setSpec(null);
        patch.setStatus(status);
        return patch;
    }

    private static PolicyReference reference(GracefulShutdownPolicy policy) {
        return new PolicyReference(
                policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    }

    private static long generation(GracefulShutdownPolicy policy) {
        return Objects.requireNonNullElse(policy.getMetadata().getGeneration(), 0L);
    }
}
