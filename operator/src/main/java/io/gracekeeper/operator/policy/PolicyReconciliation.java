package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.operator.enforcement.EnforcementState;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.operator.retrofit.InformedDeployments;
import io.gracekeeper.operator.retrofit.JudgedDeployment;
import io.gracekeeper.operator.retrofit.RetrofitReport;
import io.gracekeeper.operator.retrofit.Retrofitter;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.operator.workload.WorkloadScan;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.PolicySnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What becomes of one policy, of either scope: judge what it matches, take its turn, say in its status what was found. */
public final class PolicyReconciliation {
    /** While something is on its way: restarts of pods send no event of a Deployment. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(5);

    /** A proof of enforcement grows old without an event. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** How soon to look again when the policies or the workloads of a moment ago are not known yet. */
    private static final Duration LAGS = Duration.ofMillis(500);

    private final Supplier<PolicySnapshot> policies;
    private final WorkloadScan scan;
    private final InformedDeployments deployments;
    private final Function<String, List<RolloutAudit>> audits;
    private final Retrofitter retrofitter;
    private final EnforcementState enforcement;
    private final WriteBudget budget;
    private final Clock clock;

    /**
     * What is to be done.
     *
     * @param status to be written; null where what is there says it already, or where it has to wait
     * @param again how soon to look again
     */
    record Outcome(@Nullable GracefulShutdownPolicyStatus status, Duration again) {}

    /**
     * One for all policies.
     *
     * @param policies those that hold now
     * @param audits finds the audits of a workload by its uid
     */
    public PolicyReconciliation(
            Supplier<PolicySnapshot> policies,
            WorkloadScan scan,
            InformedDeployments deployments,
            Function<String, List<RolloutAudit>> audits,
            Retrofitter retrofitter,
            EnforcementState enforcement,
            WriteBudget budget,
            Clock clock) {
        this.policies = policies;
        this.scan = scan;
        this.deployments = deployments;
        this.audits = audits;
        this.retrofitter = retrofitter;
        this.enforcement = enforcement;
        this.budget = budget;
        this.clock = clock;
    }

    Outcome reconcile(PolicyObject policy) {
        PolicySnapshot snapshot = policies.get();
        List<Finding> matched = List.of();
        if (policy.errors().isEmpty()) {
            CompiledPolicy compiled = compiled(snapshot, policy);
            if (compiled == null || !scan.isReadyFor(compiled)) {
                return new Outcome(null, LAGS);
            }
            matched = matched(policy);
        }
        Enforcement enforced = enforcement.current();
        RetrofitReport retrofit = retrofit(policy, snapshot, matched, enforced);
        var inputs = new StatusInputs(
                policy.self(), policy.generation(), policy.spec(), policy.errors(), matched, enforced, retrofit);
        Instant now = clock.instant();
        GracefulShutdownPolicyStatus status = PolicyStatusBuilder.build(policy.status(), inputs, now);
        Duration again = retrofit != null && retrofit.isUnderWay() ? UNDER_WAY : IDLE;
        if (status.equals(policy.status())) {
            return new Outcome(null, again);
        }
        return budget.take(1, now) ? new Outcome(status, again) : new Outcome(null, LAGS);
    }

    /** The policy in use, if it was made from this very spec; if not, it would be judged by an older one. */
    private static @Nullable CompiledPolicy compiled(PolicySnapshot snapshot, PolicyObject policy) {
        return snapshot.policies().stream()
                .filter(each ->
                        each.reference().equals(policy.self()) && each.spec().equals(policy.spec()))
                .findFirst()
                .orElse(null);
    }

    private List<Finding> matched(PolicyObject policy) {
        Collection<String> namespaces = policy.isOfTheCluster()
                ? scan.namespaces()
                : Set.of(policy.self().namespace());
        List<Finding> matched = new ArrayList<>();
        for (String namespace : namespaces) {
            for (Finding finding : scan.in(namespace)) {
                if (finding.policies().contains(policy.self())) {
                    matched.add(finding);
                }
            }
        }
        return matched;
    }

    private @Nullable RetrofitReport retrofit(
            PolicyObject policy, PolicySnapshot snapshot, List<Finding> matched, Enforcement enforced) {
        GracefulShutdownPolicySpec spec = policy.spec();
        if (spec == null || !policy.errors().isEmpty() || !PolicyObject.paces(spec)) {
            return null;
        }
        List<JudgedDeployment> own = new ArrayList<>();
        for (Finding finding : matched) {
            Deployment deployment = finding.kind().kind().equals("Deployment") && finding.isInjectedBy(policy.self())
                    ? deployments.find(finding.namespace(), finding.name(), finding.uid())
                    : null;
            if (deployment != null) {
                own.add(new JudgedDeployment(deployment, finding));
            }
        }
        Retrofit before = policy.status() == null ? null : policy.status().retrofit();
        return retrofitter.take(new Retrofitter.Turn(
                policy.self(),
                policy.object(),
                spec,
                before == null ? null : before.halted(),
                snapshot,
                own,
                deployments.touched(),
                audits,
                enforced.isProven()));
    }
}
