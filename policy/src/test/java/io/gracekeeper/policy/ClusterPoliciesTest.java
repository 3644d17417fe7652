package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Profile;
import io.gracekeeper.crds.ReadinessProbeRequirement;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.ValidationAction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Policies of the cluster")
class ClusterPoliciesTest {
    private static final Map<String, Map<String, String>> NAMESPACES = Map.of(
            "shop", Map.of("env", "prod"),
            "play", Map.of("env", "test"),
            "kube-system", Map.of("env", "prod"),
            "gracekeeper-system", Map.of("env", "prod"));
    private static final EngineSettings SETTINGS = new EngineSettings(
            3600, java.util.Set.of("kube-system", "kube-node-lease", "gracekeeper-system"), WorkloadKinds.BUILT_IN);

    private static ClusterGracefulShutdownPolicy cluster(String name, String spec) {
        var policy = new ClusterGracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder().withName(name).build());
        policy.setSpec(Yaml.read(spec, ClusterGracefulShutdownPolicySpec.class));
        return policy;
    }

    private static GracefulShutdownPolicy namespaced(String name, String spec) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        policy.setSpec(Yaml.read(spec, GracefulShutdownPolicySpec.class));
        return policy;
    }

    private static PolicySnapshot snapshot(
            List<ClusterGracefulShutdownPolicy> cluster, GracefulShutdownPolicy... namespaced) {
        return PolicySnapshot.of(new PolicyInputs(List.of(namespaced), cluster, List.of(), NAMESPACES), SETTINGS);
    }

    private static EffectivePolicy effective(PolicySnapshot snapshot) {
        return Yaml.engine(snapshot).effective(Yaml.DEPLOYMENT, "shop", Map.of());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "shop, true",
        "play, false",
        "kube-system, false",
        "gracekeeper-system, false",
        "new-born, false",
    })
    @DisplayName("speak about the namespaces that they select, and never about the system's or our own")
    void selects(String namespace, boolean selected) {
        PolicySnapshot snapshot = snapshot(List.of(cluster("base", "{namespaceSelector: {matchLabels: {env: prod}}}")));
        assertThat(snapshot.policiesIn(namespace).policies()).hasSize(selected ? 1 : 0);
    }

    @Test
    @DisplayName("that select everything speak about a namespace that nobody has seen yet")
    void unknownNamespace() {
        PolicySnapshot snapshot = snapshot(List.of(
                cluster("all", "{namespaceSelector: {}}"),
                cluster("named", "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: new-born}}}")));
        assertThat(snapshot.policiesIn("new-born").policies()).hasSize(2);
        assertThat(snapshot.policiesIn("kube-node-lease").policies()).isEmpty();
    }

    @Test
    @DisplayName("merge with those of the namespace, whose injection goes first: 10 + 45 + 5")
    void merge() {
        PolicySnapshot snapshot = snapshot(
                List.of(
                        cluster(
                                "base",
                                "{namespaceSelector: {}, priority: 1000, profile: Web, requirements: {maxTerminationGracePeriodSeconds: 120}, injection: {mode: DryRun}}")),
                namespaced("web", "{requirements: {shutdownSeconds: 45}, injection: {mode: Apply}}"));
        EffectivePolicy merged = effective(snapshot);
        assertThat(merged.policies()).extracting(PolicyReference::toString).containsExactly("gsp/web", "cgsp/base");
        assertThat(merged.injection().mode()).isEqualTo(InjectionMode.APPLY);
        JsonNode object = Yaml.deployment("containers: [{name: app, ports: [{containerPort: 1}]}]");
        JsonNode after = JsonPatches.apply(
                object, Yaml.mutate(Yaml.engine(snapshot), object, "shop").patch());
        assertThat(after.at("/spec/template/spec/terminationGracePeriodSeconds").asInt())
                .isEqualTo(60);
        assertThat(after.at("/spec/template/spec/containers/0/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(10);
    }

    @Test
    @DisplayName("give the injection of the larger priority, then of the first name")
    void priority() {
        PolicySnapshot snapshot = snapshot(List.of(
                cluster("a", "{namespaceSelector: {}, injection: {mode: DryRun}}"),
                cluster("b", "{namespaceSelector: {}, priority: 5, injection: {mode: Apply}}"),
                cluster("c", "{namespaceSelector: {}, priority: 5, injection: {mode: Disabled}}")));
        assertThat(effective(snapshot).injection().source()).isEqualTo(PolicyReference.cluster("b"));
    }

    @Test
    @DisplayName("contradict one of the namespace: both are named")
    void contradiction() {
        EffectivePolicy merged = effective(snapshot(
                List.of(cluster(
                        "base", "{namespaceSelector: {}, requirements: {maxTerminationGracePeriodSeconds: 100}}")),
                namespaced("long", "{profile: LongLived, validation: {actions: [Deny]}}")));
        assertThat(merged.contradictions()).singleElement().satisfies(contradiction -> {
            assertThat(contradiction.message()).contains("= 340 is more than").contains("(cgsp/base)");
            assertThat(contradiction.policies())
                    .extracting(PolicyReference::toString)
                    .containsExactly("gsp/long", "cgsp/base");
        });
        assertThat(merged.action(Rule.BUDGET_FITS)).isEqualTo(ValidationAction.WARN);
        assertThat(merged.action(Rule.DRAIN_DELAY)).isEqualTo(ValidationAction.DENY);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    @DisplayName("have profiles whose values are frozen")
    void profiles(Profile profile) {
        Requirements values = ProfileValues.fill(null, profile);
        assertThat(values)
                .isEqualTo(
                        switch (profile) {
                            case NONE -> new Requirements(null, null, null, null, null);
                            case WEB -> new Requirements(10, 20, 5, null, ReadinessProbeRequirement.IF_SERVING);
                            case LONG_LIVED ->
                                new Requirements(10, 300, 30, null, ReadinessProbeRequirement.IF_SERVING);
                            case WORKER -> new Requirements(0, 60, 15, null, ReadinessProbeRequirement.IGNORE);
                            case JOB -> new Requirements(0, 30, 5, null, ReadinessProbeRequirement.IGNORE);
                        });
        assertThat(ProfileValues.fill(new Requirements(1, 2, 3, 4, null), profile)
                        .shutdownSeconds())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("by rule override what they do in general, and only where they ask for something")
    void byRule() {
        EffectivePolicy merged = effective(
                snapshot(
                        List.of(
                                cluster(
                                        "base",
                                        "{namespaceSelector: {}, profile: Web, validation: {actions: [Audit], rules: [{rule: BudgetFits, actions: [Deny]}, {rule: GraceCeiling, actions: [Deny]}]}}"))));
        assertThat(merged.action(Rule.BUDGET_FITS)).isEqualTo(ValidationAction.DENY);
        assertThat(merged.action(Rule.DRAIN_DELAY)).isEqualTo(ValidationAction.AUDIT);
        assertThat(merged.actions()).doesNotContainKey(Rule.GRACE_CEILING);
    }

    @Test
    @DisplayName("may judge an update like a create, where they say that existing violations are not allowed")
    void existingViolations() {
        JsonNode bad = Yaml.deployment("terminationGracePeriodSeconds: 5\ncontainers: [{name: app}]");
        JsonNode changed = Yaml.deployment("terminationGracePeriodSeconds: 5\ncontainers: [{name: app, image: v2}]");
        for (String existing : List.of("Allow", "Deny")) {
            PolicyEngine engine = Yaml.engine(snapshot(List.of(cluster(
                    "base",
                    "{namespaceSelector: {}, profile: Web, validation: {actions: [Deny], existingViolations: "
                            + existing + "}}"))));
            assertThat(Yaml.decide(engine, changed, bad, "shop"))
                    .as(existing)
                    .isInstanceOf(existing.equals("Deny") ? Decision.Denied.class : Decision.Allowed.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec.namespaceSelector",
                "{namespaceSelector: {matchExpressions: [{key: a, operator: Is}]}} | spec.namespaceSelector.matchExpressions[0].operator",
                "{namespaceSelector: {}, priority: 2000, match: {kinds: [Deployment, Frigate, Deployment], exemptContainers: ['', 'Ü']}} | spec.priority, spec.match.kinds[1], spec.match.kinds, spec.match.exemptContainers[0], spec.match.exemptContainers[1]",
                "{namespaceSelector: {}, validation: {rules: [{rule: Fits, actions: [Deny]}, {rule: RolloutPace, actions: [Deny, Warn]}, {rule: BudgetFits}]}} | spec.validation.rules[0].rule, spec.validation.rules[1].rule, spec.validation.rules[1].actions, spec.validation.rules[2].actions",
                "{namespaceSelector: {}, profile: LongLived, requirements: {maxTerminationGracePeriodSeconds: 60}} | spec.requirements.maxTerminationGracePeriodSeconds",
                "{namespaceSelector: {}, match: {kinds: [Pod, CronJob]}} | ''",
            })
    @DisplayName("that are wrong are told every error at once")
    void errors(String spec, String paths) {
        assertThat(PolicyValidator.validate(Yaml.read(spec, ClusterGracefulShutdownPolicySpec.class), SETTINGS))
                .extracting(FieldError::path)
                .containsExactlyElementsOf(paths.isEmpty() ? List.of() : List.of(paths.split(", ")));
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "*-agent, log-agent, true",
        "*-agent, agent, false",
        "istio-proxy, istio-proxy, true",
        "a?c, abc, true",
        "a?c, ac, false",
        "*, '', true",
        "a*b*c, axxbyyc, true",
        "a*b*c, axxbyy, false",
        "'', a, false",
        "**a, bca, true",
        "*aab, aaaaaaaaab, true",
    })
    @DisplayName("exempt containers by glob")
    void globs(String glob, String name, boolean matches) {
        assertThat(Glob.matches(glob, name)).isEqualTo(matches);
    }
}
