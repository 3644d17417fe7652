package io.gracekeeper.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Halt;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Retrofit;
import io.gracekeeper.crds.RuleActions;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.operator.retrofit.RetrofitReport;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.operator.workload.Findings;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The status of a policy")
class PolicyStatusBuilderTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00.7Z");
    private static final PolicyReference SELF = new PolicyReference(Workloads.NAMESPACE, "web");
    private static final Enforcement PROVEN =
            new Enforcement(Enforcement.State.PROVEN, "Refused", "the API server refuses", NOW);
    private static final Enforcement UNPROVEN =
            new Enforcement(Enforcement.State.NOT_PROVEN, "Admitted", "it was admitted", null);
    private static final Enforcement UNKNOWN =
            new Enforcement(Enforcement.State.UNKNOWN, "NotTried", "not tried yet", null);

    private GracefulShutdownPolicySpec spec = Workloads.paced("web", 1).getSpec();

    @Test
    @DisplayName("counts workloads, and lists the violations of those that only their authors can fix")
    void counts() {
        List<Finding> judged = judge(
                List.of(Workloads.policy("web", spec)),
                Workloads.serving("checkout", 2),
                Workloads.shortOfTime("ledger"));
        GracefulShutdownPolicyStatus status = build(null, judged, UNPROVEN, null);
        assertThat(status.matched()).isEqualTo(2);
        assertThat(status.fixable()).isEqualTo(1);
        assertThat(status.violating()).isEqualTo(1);
        assertThat(status.compliant()).isZero();
        assertThat(status.violations())
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation.workload()).isEqualTo("Deployment/ledger"));
        assertThat(status.violations().get(0).message()).contains("Fix:");
    }

    @Test
    @DisplayName("lists at most twenty violations, the same ones in the same order each time")
    void capped() {
        Deployment[] many = IntStream.range(0, 30)
                .mapToObj(i -> Workloads.shortOfTime("w" + i))
                .toArray(Deployment[]::new);
        List<Finding> judged = judge(List.of(Workloads.policy("web", spec)), many);
        GracefulShutdownPolicyStatus status = build(null, judged, UNPROVEN, null);
        assertThat(status.violations()).hasSize(20);
        assertThat(build(null, judged.reversed(), UNPROVEN, null).violations()).isEqualTo(status.violations());
    }

    @Test
    @DisplayName("is equal for equal inputs at another time, so that nothing is written")
    void stable() {
        List<Finding> judged = judge(List.of(Workloads.policy("web", spec)), Workloads.serving("checkout", 2));
        GracefulShutdownPolicyStatus first = build(null, judged, PROVEN, null);
        GracefulShutdownPolicyStatus second =
                PolicyStatusBuilder.build(first, inputs(judged, PROVEN, null, List.of()), NOW.plusSeconds(3600));
        assertThat(second).isEqualTo(first);
    }

    @Test
    @DisplayName("moves the time of a condition only when its status changes")
    void transitions() {
        GracefulShutdownPolicyStatus first = build(null, List.of(), UNPROVEN, null);
        var other = new Enforcement(Enforcement.State.NOT_PROVEN, "Forbidden", "it may not be tried", null);
        GracefulShutdownPolicyStatus second =
                PolicyStatusBuilder.build(first, inputs(List.of(), other, null, List.of()), NOW.plusSeconds(60));
        assertThat(enforced(second).getReason()).isEqualTo("Forbidden");
        assertThat(enforced(second).getLastTransitionTime()).isEqualTo("2026-11-24T09:00:00Z");
        GracefulShutdownPolicyStatus third =
                PolicyStatusBuilder.build(second, inputs(List.of(), PROVEN, null, List.of()), NOW.plusSeconds(120));
        assertThat(enforced(third).getStatus()).isEqualTo("True");
        assertThat(enforced(third).getLastTransitionTime()).isEqualTo("2026-11-24T09:02:00Z");
    }

    @Test
    @DisplayName("of an invalid policy names every field that is wrong, counts nothing and enforces nothing")
    void invalid() {
        var errors = List.of(new FieldError("spec.a", "is wrong"), new FieldError("spec.b", "is wrong too"));
        GracefulShutdownPolicyStatus status =
                PolicyStatusBuilder.build(null, inputs(List.of(), PROVEN, null, errors), NOW);
        assertThat(condition(status, "Accepted").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Accepted").getMessage()).isEqualTo("spec.a: is wrong\nspec.b: is wrong too");
        assertThat(condition(status, "Consistent").getStatus()).isEqualTo("Unknown");
        assertThat(condition(status, "Injected").getStatus()).isEqualTo("Unknown");
        assertThat(enforced(status).getStatus()).isEqualTo("False");
        assertThat(status.matched()).isNull();
    }

    @Test
    @DisplayName("says a contradiction on each policy that takes part, and on no other")
    void contradiction() {
        GracefulShutdownPolicy tight = Workloads.policy(
                "tight",
                new GracefulShutdownPolicySpec(null, new Requirements(null, null, null, 20), null, null, null));
        GracefulShutdownPolicy audits =
                Workloads.policy("audits", new GracefulShutdownPolicySpec(null, null, null, null, null));
        List<Finding> judged =
                judge(List.of(Workloads.policy("web", spec), tight, audits), Workloads.serving("checkout", 1));
        GracefulShutdownPolicyStatus web = build(null, judged, PROVEN, null);
        assertThat(condition(web, "Consistent").getStatus()).isEqualTo("False");
        assertThat(condition(web, "Consistent").getMessage())
                .contains("gsp/tight")
                .contains("gsp/web");
        assertThat(condition(web, "Injected").getReason()).isEqualTo("Contradiction");
        var other = new StatusInputs(
                new PolicyReference(Workloads.NAMESPACE, "audits"),
                1,
                audits.getSpec(),
                List.of(),
                judged,
                PROVEN,
                null);
        assertThat(condition(PolicyStatusBuilder.build(null, other, NOW), "Consistent")
                        .getStatus())
                .isEqualTo("True");
    }

    @Test
    @DisplayName("enforces only with Deny, and only when that was proven (law 18)")
    void enforcement() {
        assertThat(enforced(build(null, List.of(), PROVEN, null)).getStatus()).isEqualTo("True");
        assertThat(enforced(build(null, List.of(), UNPROVEN, null)).getStatus()).isEqualTo("False");
        assertThat(enforced(build(null, List.of(), UNPROVEN, null)).getMessage())
                .isEqualTo("it was admitted");
        spec = new GracefulShutdownPolicySpec(
                null, Workloads.REQUIREMENTS, new Validation(List.of(ValidationAction.WARN)), null, null);
        assertThat(enforced(build(null, List.of(), PROVEN, null)).getReason()).isEqualTo("NoDeny");
    }

    @Test
    @DisplayName("keeps what a predecessor proved until the new leader's first try, and claims nothing of its own")
    void newLeader() {
        GracefulShutdownPolicyStatus proven = build(null, List.of(), PROVEN, null);
        assertThat(enforced(build(proven, List.of(), UNKNOWN, null))).isEqualTo(enforced(proven));
        assertThat(enforced(build(null, List.of(), UNKNOWN, null)).getStatus()).isEqualTo("False");
        GracefulShutdownPolicyStatus not = build(null, List.of(), UNPROVEN, null);
        assertThat(enforced(build(not, List.of(), UNKNOWN, null)).getStatus()).isEqualTo("False");
    }

    @Test
    @DisplayName("tells why something is not injected yet")
    void injected() {
        List<Finding> fixable = judge(List.of(Workloads.policy("web", spec)), Workloads.serving("checkout", 1));
        assertThat(reason(fixable, PROVEN, report(1, 0, 0, null))).isEqualTo("Rolling");
        assertThat(reason(List.of(), PROVEN, report(0, 1, 0, null))).isEqualTo("Rolling");
        assertThat(reason(fixable, UNPROVEN, report(1, 0, 0, null))).isEqualTo("WaitsForEnforcement");
        assertThat(reason(fixable, PROVEN, report(0, 0, 1, null))).isEqualTo("Skipped");
        Halt halt = new Halt("Deployment/checkout", "PodsRestart", "it restarts", NOW, 1, null);
        assertThat(reason(fixable, PROVEN, report(1, 0, 0, halt))).isEqualTo("Halted");
        assertThat(reason(List.of(), PROVEN, report(0, 0, 0, null))).isEqualTo("AllInjected");

        spec = with(new Injection(InjectionMode.DRY_RUN, null));
        assertThat(reason(fixable, PROVEN, null)).isEqualTo("DryRun");
        spec = with(new Injection(InjectionMode.APPLY, new Existing(ExistingMode.NEXT_ROLLOUT, null)));
        assertThat(reason(fixable, PROVEN, null)).isEqualTo("WaitsForRollout");
        assertThat(reason(List.of(), PROVEN, null)).isEqualTo("AllInjected");
        spec = with(null);
        assertThat(reason(List.of(), PROVEN, null)).isEqualTo("NoInjection");
    }

    @Test
    @DisplayName("says what waits for its next rollout where only Deployments are paced")
    void unpacedKinds() {
        var engine = engine(List.of(Workloads.policy("web", spec)));
        Finding orders = Findings.of(Workloads.statefulSet("orders"), engine);
        Finding checkout = Findings.of(Workloads.serving("checkout", 1), engine);
        assertThat(reason(List.of(orders), PROVEN, report(0, 0, 0, null))).isEqualTo("WaitsForRollout");
        assertThat(reason(List.of(orders, checkout), PROVEN, report(1, 0, 0, null)))
                .isEqualTo("Rolling");
        assertThat(condition(build(null, List.of(orders), PROVEN, report(0, 0, 0, null)), "Injected")
                        .getMessage())
                .isEqualTo(
                        "not injected yet: StatefulSet/orders; only Deployments are paced; each of these gets it when"
                                + " its template is next changed");
    }

    @Test
    @DisplayName("of the cluster names workloads with their namespaces")
    void ofTheCluster() {
        var self = PolicyReference.cluster("baseline");
        var policy = new ClusterGracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder().withName("baseline").build());
        policy.setSpec(ClusterGracefulShutdownPolicySpec.of(new LabelSelector(), spec));
        var snapshot = PolicySnapshot.of(
                new PolicyInputs(List.of(), List.of(policy), List.of(), Map.of()), EngineSettings.DEFAULT);
        var engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.system());
        Finding found = Findings.of(Workloads.shortOfTime("ledger"), engine);
        GracefulShutdownPolicyStatus status = PolicyStatusBuilder.build(
                null, new StatusInputs(self, 1, spec, List.of(), List.of(found), PROVEN, null), NOW);
        assertThat(status.violations())
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation.workload()).isEqualTo("Deployment/shop/ledger"));
    }

    @Test
    @DisplayName("lists the exceptions in force, at most twenty, those that end first before the others")
    void exceptions() {
        List<ShutdownException> many = IntStream.range(0, 30)
                .mapToObj(i -> Workloads.exception(
                        "e" + i, "ledger", Instant.parse("2030-01-01T00:00:00Z").minusSeconds(i)))
                .toList();
        var snapshot = PolicySnapshot.of(
                new PolicyInputs(List.of(Workloads.policy("web", spec)), List.of(), many, Map.of()),
                EngineSettings.DEFAULT);
        var engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.system());
        List<Finding> found = List.of(
                Findings.of(Workloads.shortOfTime("ledger"), engine),
                Findings.of(Workloads.serving("checkout", 1), engine));
        GracefulShutdownPolicyStatus status = build(null, found, PROVEN, null);
        assertThat(status.exempt()).isEqualTo(1);
        assertThat(status.exceptions()).hasSize(20);
        assertThat(status.exceptions().get(0).name()).isEqualTo("shop/e29");
        assertThat(status.exceptions().get(0).reason()).isEqualTo("OPS-9 vendor image");
    }

    @Test
    @DisplayName("takes Deny of a single rule for Deny")
    void denyByRule() {
        spec = new GracefulShutdownPolicySpec(
                null,
                Workloads.REQUIREMENTS,
                new Validation(
                        List.of(ValidationAction.WARN),
                        List.of(new RuleActions("BudgetFits", List.of(ValidationAction.DENY))),
                        null),
                null,
                null);
        assertThat(enforced(build(null, List.of(), PROVEN, null)).getStatus()).isEqualTo("True");
        assertThat(enforced(build(null, List.of(), UNPROVEN, null)).getStatus()).isEqualTo("False");
    }

    private String reason(List<Finding> matched, Enforcement enforcement, RetrofitReport retrofit) {
        return condition(build(null, matched, enforcement, retrofit), "Injected")
                .getReason();
    }

    private static GracefulShutdownPolicySpec with(Injection injection) {
        return new GracefulShutdownPolicySpec(null, Workloads.REQUIREMENTS, null, injection, null);
    }

    private static RetrofitReport report(int pending, int rolling, int skipped, Halt halt) {
        return new RetrofitReport(new Retrofit(pending, rolling, 0, skipped, halt), List.of("Deployment/checkout"));
    }

    private GracefulShutdownPolicyStatus build(
            GracefulShutdownPolicyStatus previous,
            List<Finding> matched,
            Enforcement enforcement,
            RetrofitReport retrofit) {
        return PolicyStatusBuilder.build(previous, inputs(matched, enforcement, retrofit, List.of()), NOW);
    }

    private StatusInputs inputs(
            List<Finding> matched, Enforcement enforcement, RetrofitReport retrofit, List<FieldError> errors) {
        return new StatusInputs(SELF, 1, spec, errors, matched, enforcement, retrofit);
    }

    private static List<Finding> judge(List<GracefulShutdownPolicy> policies, Deployment... deployments) {
        var engine = engine(policies);
        return Stream.of(deployments)
                .map(deployment -> Findings.of(deployment, engine))
                .toList();
    }

    private static PolicyEngine engine(List<GracefulShutdownPolicy> policies) {
        return new PolicyEngine(
                PolicySnapshot.of(policies, EngineSettings.DEFAULT), WorkloadKinds.BUILT_IN, InstantSource.system());
    }

    private static Condition enforced(GracefulShutdownPolicyStatus status) {
        return condition(status, "Enforced");
    }

    private static Condition condition(GracefulShutdownPolicyStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
