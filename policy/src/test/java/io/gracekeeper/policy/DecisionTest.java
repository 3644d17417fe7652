package io.gracekeeper.policy;

import static io.gracekeeper.policy.Yaml.deployment;
import static io.gracekeeper.policy.Yaml.engine;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The answer to a review")
class DecisionTest {
    private static final String REQUIREMENTS = "requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}";
    private static final String DENY = "{" + REQUIREMENTS + ", validation: {actions: [Deny]}}";
    private static final String EXEC_30 = """
            terminationGracePeriodSeconds: 40
            containers: [{name: app, ports: [{containerPort: 8080}], lifecycle: {preStop: {exec: {command: [sleep, '30']}}}}]
            """;
    private static final String NO_HOOK =
            "terminationGracePeriodSeconds: %d\ncontainers: [{name: app, ports: [{containerPort: 8080}]}]";

    private static Decision decide(PolicyEngine engine, JsonNode object) {
        return Yaml.decide(engine, object, null, "shop");
    }

    @Test
    @DisplayName("of a refusal has the field, the numbers, the policy and the fix; its first line is enough by itself")
    void words() {
        assertThat(decide(engine(DENY), deployment(EXEC_30))).isInstanceOfSatisfying(Decision.Denied.class, denied -> {
            assertThat(denied.message()).isEqualTo("""
                    Deployment shop/checkout: app needs terminationGracePeriodSeconds: 55, has 40 (preStop 30 + shutdown 20 + margin 5)
                    * spec.template.spec.terminationGracePeriodSeconds: 40s is too short: container "app" needs preStop 30s (your exec "sleep 30") + shutdown 20s + margin 5s = 55s (gsp/a). Fix:
                        terminationGracePeriodSeconds: 55""");
            assertThat(denied.causes())
                    .containsExactly(
                            new Cause(
                                    "spec.template.spec.terminationGracePeriodSeconds",
                                    "40s is too short: container \"app\" needs preStop 30s (your exec \"sleep 30\") + shutdown 20s + margin 5s = 55s (gsp/a). Fix:\n    terminationGracePeriodSeconds: 55"));
        });
    }

    @Test
    @DisplayName("names every violation at once, and pasting every fix ends them all")
    void allAtOnce() {
        Decision decision = decide(engine(DENY), deployment(NO_HOOK.formatted(20)));
        assertThat(decision).isInstanceOfSatisfying(Decision.Denied.class, denied -> {
            assertThat(denied.message())
                    .startsWith("Deployment shop/checkout: app needs terminationGracePeriodSeconds: 35, has 20")
                    .contains("(1 of 2)");
            assertThat(denied.causes())
                    .extracting(Cause::field)
                    .containsExactly(
                            "spec.template.spec.terminationGracePeriodSeconds",
                            "spec.template.spec.containers[app].lifecycle.preStop");
            assertThat(denied.causes().get(1).message())
                    .endsWith("Fix:\n    lifecycle: {preStop: {sleep: {seconds: 10}}}");
        });
        JsonNode pasted = deployment(
                "terminationGracePeriodSeconds: 35\n"
                        + "containers: [{name: app, ports: [{containerPort: 8080}], lifecycle: {preStop: {sleep: {seconds: 10}}}}]");
        assertThat(decide(engine(DENY), pasted)).isEqualTo(new Decision.Allowed(java.util.List.of()));
    }

    @Test
    @DisplayName("with Warn passes with one short line for each violation")
    void warn() {
        Decision decision = decide(engine("{" + REQUIREMENTS + "}"), deployment(NO_HOOK.formatted(20)));
        assertThat(decision).isInstanceOf(Decision.Allowed.class);
        assertThat(decision.warnings()).hasSize(2).allSatisfy(line -> {
            assertThat(line).startsWith("gracekeeper: checkout: ").doesNotContain("\n");
            assertThat(line.length()).isLessThanOrEqualTo(120);
        });
    }

    @Test
    @DisplayName("with Audit says nothing")
    void audit() {
        Decision decision = decide(
                engine("{" + REQUIREMENTS + ", validation: {actions: [Audit]}}"), deployment(NO_HOOK.formatted(20)));
        assertThat(decision).isEqualTo(new Decision.Allowed(java.util.List.of()));
    }

    @Test
    @DisplayName("says that a hook of unknown length is no pass")
    void unknownLength() {
        Decision decision = decide(engine(DENY), deployment("""
                terminationGracePeriodSeconds: 60
                containers: [{name: app, ports: [{containerPort: 8080}], lifecycle: {preStop: {exec: {command: [/drain.sh]}}}}]
                """));
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.causes())
                                .singleElement()
                                .extracting(Cause::message)
                                .asString()
                                .contains(
                                        "exec \"/drain.sh\"",
                                        "nobody can tell how long",
                                        "gracekeeper.io/drain-seconds: \"app=10\""));
    }

    @Test
    @DisplayName("to an update refuses only what got worse")
    void ratchet() {
        PolicyEngine engine = engine(DENY);
        JsonNode old = deployment(NO_HOOK.formatted(20));
        JsonNode same = deployment(NO_HOOK.formatted(20));
        ((ObjectNode) same.at("/spec/template/spec/containers/0")).put("image", "v2");
        assertThat(Yaml.decide(engine, same, old, "shop")).isInstanceOf(Decision.Allowed.class);
        assertThat(Yaml.decide(engine, same, old, "shop").warnings()).hasSize(2);
        assertThat(Yaml.decide(engine, deployment(NO_HOOK.formatted(25)), old, "shop"))
                .isInstanceOf(Decision.Allowed.class);
        assertThat(Yaml.decide(engine, deployment(NO_HOOK.formatted(19)), old, "shop"))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.causes()).hasSize(1));
        JsonNode fine = deployment(
                "terminationGracePeriodSeconds: 60\n"
                        + "containers: [{name: app, ports: [{containerPort: 8080}], lifecycle: {preStop: {sleep: {seconds: 10}}}}]");
        assertThat(Yaml.decide(engine, old, fine, "shop"))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.causes()).hasSize(2));
    }

    @Test
    @DisplayName("to an update that leaves the template alone is always yes")
    void unchangedTemplate() {
        JsonNode old = deployment(NO_HOOK.formatted(0));
        JsonNode scaled = old.deepCopy();
        ((ObjectNode) scaled.path("spec")).put("replicas", 9);
        assertThat(Yaml.decide(engine(DENY), scaled, old, "shop")).isEqualTo(new Decision.Allowed(java.util.List.of()));
    }

    @Test
    @DisplayName("elsewhere is yes: a policy speaks about its own namespace")
    void otherNamespace() {
        JsonNode object = deployment(NO_HOOK.formatted(0));
        ((ObjectNode) object.path("metadata")).put("namespace", "other");
        assertThat(Yaml.decide(engine(DENY), object, null, "other"))
                .isEqualTo(new Decision.Allowed(java.util.List.of()));
    }

    @Test
    @DisplayName("to whom took our hook out says how to have one: it is not put back by itself")
    void hookTakenOut() {
        PolicyEngine engine = engine("{" + REQUIREMENTS + ", validation: {actions: [Deny]}, injection: {mode: Apply}}");
        JsonNode object = deployment(NO_HOOK.formatted(60));
        ((ObjectNode) object.at("/spec/template/metadata"))
                .putObject("annotations")
                .put("gracekeeper.io/injected", "{\"preStopSleepSeconds\":{\"app\":10}}");
        assertThat(decide(engine, object))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.message())
                                .contains("lifecycle: {preStop: {sleep: {seconds: 10}}}")
                                .doesNotContain("adds the hook itself"));
    }
}
