package io.gracekeeper.policy;

import static io.gracekeeper.policy.Yaml.engine;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.ValidationAction;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several policies")
class MergeTest {
    private static PolicyReference gsp(String name) {
        return new PolicyReference("shop", name);
    }

    private static EffectivePolicy merged(String... specs) {
        return engine(specs).effective(Yaml.DEPLOYMENT, "shop", Map.of());
    }

    @Test
    @DisplayName("merge to the strictest of each, which remembers whose it is")
    void strictest() {
        EffectivePolicy merged = merged(
                "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, maxTerminationGracePeriodSeconds: 120}}",
                "{requirements: {shutdownSeconds: 45, marginSeconds: 3}}",
                "{requirements: {drainDelaySeconds: 5, maxTerminationGracePeriodSeconds: 90}}");
        assertThat(merged.duty().drainDelay()).isEqualTo(new SourcedSeconds(10, gsp("a")));
        assertThat(merged.duty().shutdown()).isEqualTo(new SourcedSeconds(45, gsp("b")));
        assertThat(merged.margin()).isEqualTo(new SourcedSeconds(5, gsp("a")));
        assertThat(merged.max()).isEqualTo(new SourcedSeconds(90, gsp("c")));
        assertThat(merged.policies()).containsExactly(gsp("a"), gsp("b"), gsp("c"));
        assertThat(merged.contradictions()).isEmpty();
    }

    @Test
    @DisplayName("take the strongest action, among those that ask for something that the rule is about")
    void strongestAction() {
        EffectivePolicy merged = merged(
                "{requirements: {drainDelaySeconds: 1}, validation: {actions: [Audit]}}",
                "{requirements: {shutdownSeconds: 1}, validation: {actions: [Deny, Audit]}}",
                "{requirements: {maxTerminationGracePeriodSeconds: 60}}",
                "{validation: {actions: [Deny]}}");
        assertThat(merged.actions())
                .isEqualTo(Map.of(
                        Rule.DRAIN_DELAY, ValidationAction.AUDIT,
                        Rule.BUDGET_FITS, ValidationAction.DENY,
                        Rule.GRACE_POSITIVE, ValidationAction.DENY,
                        Rule.HOOK_WORKS, ValidationAction.DENY,
                        Rule.STOP_SIGNAL, ValidationAction.DENY,
                        Rule.GRACE_CEILING, ValidationAction.WARN));
    }

    @Test
    @DisplayName("take the injection whole from the first by name that has one")
    void oneInjection() {
        EffectivePolicy merged = merged(
                "{requirements: {shutdownSeconds: 1}}",
                "{injection: {mode: Apply, existing: {mode: Paced, maxConcurrent: 4}}}",
                "{injection: {mode: Disabled}}");
        assertThat(merged.injection())
                .isEqualTo(new InjectionSettings(InjectionMode.APPLY, ExistingMode.PACED, 4, gsp("b")));
    }

    @Test
    @DisplayName("audit if one of them does; clean is what all of them call clean")
    void audits() {
        assertThat(merged("{audit: {enabled: false}}").audit().enabled()).isFalse();
        assertThat(merged("{}").audit()).isEqualTo(new AuditSettings(true, Set.of(0, 143), 3));
        assertThat(merged(
                                "{audit: {cleanExitCodes: [0, 2], historyLimit: 1}}",
                                "{audit: {cleanExitCodes: [0, 143], historyLimit: 7}}")
                        .audit())
                .isEqualTo(new AuditSettings(true, Set.of(0), 7));
    }

    @Test
    @DisplayName("that no pod can obey together contradict each other: nothing is injected, and nothing denied for it")
    void contradiction() {
        PolicyEngine engine = engine(
                "{requirements: {maxTerminationGracePeriodSeconds: 100}, validation: {actions: [Deny]}, injection: {mode: Apply}}",
                "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 300, marginSeconds: 30}, validation: {actions: [Deny]}}");
        EffectivePolicy merged = engine.effective(Yaml.DEPLOYMENT, "shop", Map.of());
        assertThat(merged.contradictions()).singleElement().satisfies(contradiction -> {
            assertThat(contradiction.message())
                    .startsWith(
                            "drainDelaySeconds 10 (gsp/b) + shutdownSeconds 300 (gsp/b) + marginSeconds 30 (gsp/b) = 340 is more than maxTerminationGracePeriodSeconds 100 (gsp/a)");
            assertThat(contradiction.policies()).containsExactly(gsp("a"), gsp("b"));
        });
        var object = Yaml.deployment(
                "containers: [{name: app, ports: [{containerPort: 1}], lifecycle: {preStop: {sleep: {seconds: 10}}}}]");
        assertThat(Yaml.mutate(engine, object, "shop").isEmpty()).isTrue();
        assertThat(Yaml.decide(engine, object, null, "shop")).isInstanceOf(Decision.Allowed.class);
        var noHook = Yaml.deployment("containers: [{name: app, ports: [{containerPort: 1}]}]");
        assertThat(Yaml.decide(engine, noHook, null, "shop"))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.causes())
                                .extracting(Cause::field)
                                .containsExactly("spec.template.spec.containers[app].lifecycle.preStop"));
    }
}
