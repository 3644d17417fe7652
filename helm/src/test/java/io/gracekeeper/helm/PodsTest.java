package io.gracekeeper.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The pods of the chart")
class PodsTest {
    /** The bounds of the small steps of a stop, together. */
    private static final int MARGIN = 10;

    private static final EngineSettings LIMITS = new EngineSettings(3600);

    @ParameterizedTest
    @ValueSource(strings = {"operator", "webhook"})
    @DisplayName("are allowed by Pod Security \"restricted\", and can't write to their root file system")
    void areRestricted(String component) {
        JsonNode deployment = Chart.render().deployment(component);
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode container = Rendered.container(deployment);
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(65532);
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/capabilities").toString()).isEqualTo("{\"drop\":[\"ALL\"]}");
        assertThat(pod.get("containers")).hasSize(1);
        for (String forbidden : List.of("volumes", "hostNetwork", "hostPID", "hostIPC", "initContainers")) {
            assertThat(pod.has(forbidden)).as(forbidden).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "webhook"})
    @DisplayName("start in the folder in which the image has the flags and the start-up cache of their process")
    void startInTheirFolder(String component) {
        JsonNode container = Rendered.container(Chart.render().deployment(component));
        assertThat(container.path("args").toString()).isEqualTo("[\"" + component + "\"]");
        assertThat(container.path("workingDir").asText()).isEqualTo("/app/" + component);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"operator, 0, 10", "webhook, 5, 12"})
    @DisplayName("have no violation under our own policy at its most demanding, with default values")
    void obeyOurOwnPolicy(String component, int drain, int shutdown) {
        var judgement = engine(drain, shutdown).judge(Chart.render().deployment(component));
        assertThat(judgement.violations()).isEmpty();
        assertThat(judgement.classification()).isEqualTo(Classification.COMPLIANT);
    }

    @ParameterizedTest(name = "drain {0} linger {1} shutdown {2}")
    @CsvSource({"1, 0, 1", "5, 2, 10", "30, 5, 60", "600, 600, 600"})
    @DisplayName("get a grace period that has room for the very numbers that preStop and process are given")
    void deriveTheirGrace(int drain, int linger, int shutdown) {
        Rendered rendered = Chart.render(
                "webhook: {drainSeconds: %d, lingerSeconds: %d, shutdownSeconds: %d}\noperator: {shutdownSeconds: %d}"
                        .formatted(drain, linger, shutdown, shutdown));
        JsonNode webhook = rendered.deployment("webhook");
        int preStop = Rendered.container(webhook)
                .at("/lifecycle/preStop/sleep/seconds")
                .asInt();
        assertThat(preStop).isEqualTo(drain);
        assertThat(grace(webhook))
                .isEqualTo(preStop + seconds(webhook, "DRAIN") + seconds(webhook, "SHUTDOWN") + MARGIN);
        assertThat(engine(drain, linger + shutdown).judge(webhook).violations()).isEmpty();

        JsonNode operator = rendered.deployment("operator");
        assertThat(Rendered.container(operator).has("lifecycle")).isFalse();
        assertThat(grace(operator)).isEqualTo(seconds(operator, "DRAIN") + seconds(operator, "SHUTDOWN") + MARGIN);
        assertThat(engine(0, shutdown).judge(operator).violations()).isEmpty();
    }

    @Test
    @DisplayName("would be refused by that policy if a second were missing: the test above can fail")
    void aSecondLessIsAViolation() {
        assertThat(engine(5, 18).judge(Chart.render().deployment("webhook")).violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.shortage()).isEqualTo(1));
        assertThat(engine(0, 16).judge(Chart.render().deployment("operator")).violations())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "webhook"})
    @DisplayName(
            "are replaced one by one without a gap, spread over nodes, and evicted one at a time, also with one replica")
    void areReplacedWithoutAGap(String component) {
        Rendered rendered = Chart.render();
        JsonNode deployment = rendered.deployment(component);
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(deployment.at("/spec/strategy/rollingUpdate").toString())
                .isEqualTo("{\"maxUnavailable\":0,\"maxSurge\":1}");
        assertThat(deployment.at("/spec/template/spec/topologySpreadConstraints"))
                .isNotEmpty()
                .allSatisfy(constraint ->
                        assertThat(constraint.get("whenUnsatisfiable").asText()).isEqualTo("ScheduleAnyway"));
        JsonNode budget = rendered.get("PodDisruptionBudget", "gracekeeper-" + component);
        assertThat(budget.at("/spec/selector")).isEqualTo(deployment.at("/spec/selector"));
        assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
        assertThat(budget.at("/spec/minAvailable").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "webhook"})
    @DisplayName("say what process they are, and are probed where the management port is")
    void areProbed(String component) {
        JsonNode container = Rendered.container(Chart.render().deployment(component));
        assertThat(Rendered.strings(container.get("args"))).containsExactly(component);
        assertThat(container.has("command")).isFalse();
        assertThat(container.get("image").asText()).isEqualTo("ghcr.io/gracekeeper/gracekeeper:0.1.0");
        assertThat(container.at("/livenessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/livez\",\"port\":\"metrics\"}");
        assertThat(container.at("/readinessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/readyz\",\"port\":\"metrics\"}");
        assertThat(container.at("/startupProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/startz\",\"port\":\"metrics\"}");
        assertThat(container.at("/startupProbe/timeoutSeconds").asInt())
                .as("more seconds than its answer may take")
                .isGreaterThan(5);
        int budget = container.at("/startupProbe/periodSeconds").asInt()
                * container.at("/startupProbe/failureThreshold").asInt();
        assertThat(budget).as("seconds to start").isBetween(30, 120);
        assertThat(env(container)).containsEntry("MANAGEMENT_PORT", port(container, "metrics"));
    }

    private static String port(JsonNode container, String name) {
        return Rendered.stream(container.get("ports"))
                .filter(port -> port.get("name").asText().equals(name))
                .map(port -> port.get("containerPort").asText())
                .findFirst()
                .orElseThrow();
    }

    private static PolicyEngine engine(int drain, int shutdown) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName("demanding")
                .withNamespace(Chart.NAMESPACE)
                .build());
        policy.setSpec(new GracefulShutdownPolicySpec(
                null,
                new Requirements(drain, shutdown, null, null),
                new Validation(List.of(ValidationAction.DENY)),
                null,
                null));
        return new PolicyEngine(
                PolicySnapshot.of(List.of(policy), LIMITS), WorkloadKinds.BUILT_IN, InstantSource.system());
    }

    private static long grace(JsonNode deployment) {
        return deployment
                .at("/spec/template/spec/terminationGracePeriodSeconds")
                .asLong();
    }

    private static int seconds(JsonNode deployment, String key) {
        return Integer.parseInt(env(Rendered.container(deployment)).get(key + "_SECONDS"));
    }

    private static Map<String, String> env(JsonNode container) {
        Map<String, String> found = new HashMap<>();
        for (JsonNode variable : container.get("env")) {
            String name = variable.get("name").asText();
            assertThat(name).startsWith("GRACEKEEPER_");
            found.put(
                    name.substring("GRACEKEEPER_".length()),
                    variable.path("value").asText());
        }
        return found;
    }
}
