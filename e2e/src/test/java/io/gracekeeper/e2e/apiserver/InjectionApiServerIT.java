package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static io.gracekeeper.e2e.apiserver.Manifests.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Injection")
@OnRealApiServer
class InjectionApiServerIT {
    private static final String APPLY = "validation: {actions: [Deny]}, injection: {mode: Apply}";
    private static final String RECORD = "gracekeeper.io/injected";

    private WebhookUnderTest webhook;
    private Kubectl kubectl;

    @BeforeAll
    void start(ApiServer server) {
        webhook = server.webhook();
        kubectl = webhook.namespaceWith(demanding(APPLY));
    }

    @ParameterizedTest(name = "kubectl {0}")
    @DisplayName("adds hook, grace and record, says so, and leaves no field to us:")
    @ValueSource(strings = {"create", "apply", "apply --server-side"})
    void injects(String command) {
        String name = command.replaceAll("[^a-z]+", "-");
        Command.Result result =
                kubectl.with(deployment(name, UNAWARE), command.split(" ")).orFail();
        assertThat(result.err())
                .contains("Warning: gracekeeper: " + name + ": app: preStop sleep 10; grace 30 -> 35 (gsp/web)");
        JsonNode stored = kubectl.get("deployment", name);
        assertInjected(stored);
        assertNothingIsOurs(stored);
    }

    @Test
    @DisplayName("stays, and a restart passes, where policies come to contradict each other")
    void staysWhenTorn() {
        Kubectl torn = webhook.namespaceWith(demanding(APPLY));
        torn.apply(deployment("torn", UNAWARE));
        assertInjected(torn.get("deployment", "torn"));
        torn.apply(policy("{requirements: {maxTerminationGracePeriodSeconds: 100}}")
                .replace("name: web", "name: cap"));
        torn.apply(policy("{requirements: {shutdownSeconds: 300}, validation: {actions: [Deny]}}")
                .replace("name: web", "name: more"));
        await("the webhook knows all three")
                .until(() -> torn.with(deployment("probe", UNAWARE), "create", "--dry-run=server")
                        .err()
                        .contains("at most 100s are allowed"));
        torn.ok("rollout", "restart", "deployment/torn");
        torn.ok("set", "image", "deployment/torn", "app=example.test/app:2");
        assertInjected(torn.get("deployment", "torn"));
    }

    @ParameterizedTest(name = "kubectl {0}")
    @DisplayName("is not undone by the same manifest once more:")
    @ValueSource(strings = {"apply", "apply --server-side", "replace"})
    void sameAgain(String command) {
        String name = "again-" + command.replaceAll("[^a-z]+", "-");
        String first = command.equals("replace") ? "create" : command;
        kubectl.with(deployment(name, UNAWARE), first.split(" ")).orFail();
        JsonNode template = template(name);
        kubectl.with(deployment(name, UNAWARE), command.split(" ")).orFail();
        assertInjected(kubectl.get("deployment", name));
        assertThat(template(name)).isEqualTo(template);
    }

    @Test
    @DisplayName("changes nothing else: order, handlers, probes, and fields that few have heard of")
    void nothingElse() {
        String rich = """
                terminationGracePeriodSeconds: 60
                shareProcessNamespace: true
                schedulingGates: [{name: example.test/later}]
                resources: {limits: {cpu: "1"}}
                initContainers:
                - {name: sidecar, image: "s:1", restartPolicy: Always, ports: [{containerPort: 9000}]}
                - {name: init, image: "i:1"}
                containers:
                - name: zeta
                  image: z:1
                  ports: [{containerPort: 8080}, {containerPort: 53, protocol: UDP}]
                  lifecycle: {postStart: {exec: {command: [touch, /x]}}}
                  restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
                  restartPolicy: Never
                - {name: alpha, image: "a:1", ports: [{containerPort: 8081}], lifecycle: {preStop: {sleep: {seconds: 12}}}}
                - {name: metrics, image: "m:1", ports: [{name: metrics, containerPort: 9100}]}
                """;
        Kubectl elsewhere = webhook.namespace();
        elsewhere.with(deployment("rich", rich), "create").orFail();
        JsonNode expected = elsewhere.get("deployment", "rich").at("/spec/template");
        kubectl.with(deployment("rich", rich), "create").orFail();
        ObjectNode actual = (ObjectNode) kubectl.get("deployment", "rich").at("/spec/template");
        assertThat(actual.at("/spec/containers/0/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(10);
        ((ObjectNode) actual.at("/spec/containers/0/lifecycle")).remove("preStop");
        actual.withObject("/metadata").remove("annotations");
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    @DisplayName("leaves the author of a server-side apply free: another grace, another name, one container less")
    void serverSideApplyStaysFree() {
        String two =
                "containers: [{name: app, image: 'a:1', ports: [{containerPort: 8080}]}, {name: helper, image: 'h:1'}]";
        apply("free", two, "--server-side");
        apply("free", "terminationGracePeriodSeconds: 60\n" + two, "--server-side");
        assertThat(template("free").at("/spec/terminationGracePeriodSeconds").asInt())
                .isEqualTo(60);
        apply("free", two.replace("name: app", "name: web"), "--server-side");
        assertThat(names("free")).containsExactlyInAnyOrder("helper", "web");
        assertThat(container("free", "web")
                        .at("/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(10);
        apply("free", "containers: [{name: web, image: 'a:1', ports: [{containerPort: 8080}]}]", "--server-side");
        assertThat(names("free")).containsExactly("web");
        assertInjected(kubectl.get("deployment", "free"));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("gives way to a hook that the author adds later:")
    @ValueSource(strings = {"", "--server-side"})
    void ownHook(String flag) {
        String name = "own-hook" + flag.replace("--", "-");
        apply(name, UNAWARE, flag);
        apply(
                name,
                UNAWARE.replace("name: app", "name: app, lifecycle: {preStop: {exec: {command: [sleep, '12']}}}"),
                flag);
        JsonNode hook = container(name, "app").at("/lifecycle/preStop");
        assertThat(hook).hasToString("{\"exec\":{\"command\":[\"sleep\",\"12\"]}}");
        assertThat(template(name).at("/spec/terminationGracePeriodSeconds").asInt())
                .isEqualTo(37);
    }

    @ParameterizedTest(name = "kubectl {0}")
    @DisplayName("never raises a grace that its author has chosen; 30 is chosen where the manifest says it:")
    @ValueSource(strings = {"apply", "apply --server-side"})
    void explicit(String command) {
        var result = kubectl.with(
                deployment("explicit", "terminationGracePeriodSeconds: 30\n" + UNAWARE), command.split(" "));
        assertThat(result.succeeded()).isFalse();
        assertThat(result.err()).contains("30s is too short").contains("Your own value is never raised");
    }

    @Test
    @DisplayName("takes a 30 of `kubectl create` for the default, which nobody can tell from it")
    void unknown() {
        kubectl.with(deployment("unknown", "terminationGracePeriodSeconds: 30\n" + UNAWARE), "create")
                .orFail();
        assertInjected(kubectl.get("deployment", "unknown"));
    }

    @Test
    @DisplayName("lowers nothing: with a grace of 60 only the hook is added")
    void lowersNothing() {
        apply("sixty", "terminationGracePeriodSeconds: 60\n" + UNAWARE, "");
        assertThat(template("sixty").at("/spec/terminationGracePeriodSeconds").asInt())
                .isEqualTo(60);
        assertThat(container("sixty", "app")
                        .at("/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(10);
    }

    @Test
    @DisplayName("comes by the operator's touch to a Deployment that was there before, and by nothing else than that")
    void touch() {
        Kubectl existing = webhook.namespace();
        existing.apply(deployment("old", UNAWARE));
        JsonNode before = existing.get("deployment", "old").at("/spec/template");
        webhook.introduce(existing, demanding(APPLY));
        long mutations = webhook.reviews("mutate_workloads");
        long validations = webhook.reviews("validate_workloads");
        existing.ok("label", "deployment", "old", "team=shop");
        existing.ok("annotate", "deployment", "old", "example.test/note=x");
        existing.ok("scale", "deployment", "old", "--replicas=2");
        existing.ok("rollout", "pause", "deployment/old");
        existing.ok("rollout", "resume", "deployment/old");
        existing.apply(deployment("old", UNAWARE));
        existing.ok(
                "patch",
                "deployment",
                "old",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"observedGeneration\":1}}");
        assertThat(webhook.reviews("mutate_workloads"))
                .as("mutating reviews that these caused")
                .isEqualTo(mutations);
        assertThat(webhook.reviews("validate_workloads") - validations)
                .as("validating reviews that these caused: of the pod that the scale-up makes, at most")
                .isBetween(0L, 1L);
        assertThat(existing.get("deployment", "old").at("/spec/template")).isEqualTo(before);
        existing.ok("annotate", "deployment", "old", "gracekeeper.io/inject=1");
        assertInjected(existing.get("deployment", "old"));
        assertNothingIsOurs(existing.get("deployment", "old"));
    }

    @Test
    @DisplayName("survives a rollback: the old revision comes back, and with what it lacked")
    void rollback() {
        Kubectl existing = webhook.namespace();
        existing.apply(deployment("undone", UNAWARE));
        awaitRevision(existing, "undone", "1");
        webhook.introduce(existing, demanding(APPLY));
        existing.ok("set", "image", "deployment/undone", "app=example.test/app:2");
        awaitRevision(existing, "undone", "2");
        existing.ok("rollout", "undo", "deployment/undone");
        JsonNode stored = existing.get("deployment", "undone");
        assertThat(stored.at("/spec/template/spec/containers/0/image").asText()).isEqualTo("example.test/app:1");
        assertInjected(stored);
    }

    @Test
    @DisplayName("in DryRun adds nothing")
    void dryRun() {
        Kubectl watched = webhook.namespaceWith(demanding("injection: {mode: DryRun}"));
        watched.apply(deployment("watched", UNAWARE));
        JsonNode template = watched.get("deployment", "watched").at("/spec/template");
        assertThat(template.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(30);
        assertThat(template.at("/spec/containers/0").has("lifecycle")).isFalse();
    }

    private void apply(String name, String podSpec, String flag) {
        String[] words = flag.isEmpty() ? new String[] {"apply"} : new String[] {"apply", flag};
        kubectl.with(deployment(name, podSpec), words).orFail();
    }

    private static void awaitRevision(Kubectl kubectl, String name, String revision) {
        await().until(() -> kubectl.get("deployment", name)
                .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                .asText()
                .equals(revision));
    }

    private JsonNode template(String name) {
        return kubectl.get("deployment", name).at("/spec/template");
    }

    private JsonNode container(String name, String container) {
        return StreamSupport.stream(template(name).at("/spec/containers").spliterator(), false)
                .filter(node -> node.path("name").asText().equals(container))
                .findFirst()
                .orElseThrow();
    }

    private List<String> names(String name) {
        return template(name).at("/spec/containers").findValuesAsText("name");
    }

    private static void assertInjected(JsonNode deployment) {
        JsonNode template = deployment.at("/spec/template");
        assertThat(template.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(35);
        assertThat(template.at("/spec/containers/0/lifecycle/preStop")).hasToString("{\"sleep\":{\"seconds\":10}}");
        assertThat(template.at("/metadata/annotations").has(RECORD)).isTrue();
    }

    /** Neither our name nor anybody else's stands at what was injected, so that it can't conflict with anything. */
    private static void assertNothingIsOurs(JsonNode deployment) {
        for (JsonNode entry : deployment.at("/metadata/managedFields")) {
            assertThat(entry.path("manager").asText()).isNotEqualTo("gracekeeper");
            assertThat(entry.toString()).doesNotContain("f:preStop").doesNotContain(RECORD);
        }
    }
}
