package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.condition;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracekeeper.e2e.machine.Checkout;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.e2e.machine.RunningCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A kind of another group that the chart's workloadKinds registers")
@OnRealApiServer
class RegisteredKindsApiServerIT {
    private static final String CONTROLLER = "system:serviceaccount:argo-rollouts:argo-rollouts";
    private static final String VALUES = """
            workloadKinds:
              - {group: argoproj.io, version: v1alpha1, kind: Rollout, resource: rollouts, templatePath: spec.template,
                 controllers: ["%s"]}
              - {group: fleet.example.test, version: v1, kind: Fleet, resource: fleets, templatePath: spec.unit.template,
                 controllers: ["system:serviceaccount:fleets:fleets"]}
            """.formatted(CONTROLLER);
    private static final String KINDS =
            "match: {kinds: [Rollout, Fleet.fleet.example.test]}, validation: {actions: [Deny]}";

    private RenderedChart chart;
    private WebhookUnderTest webhook;
    private InstalledOperator operator;
    private RunningCluster cluster;

    @TempDir
    Path folder;

    @BeforeAll
    void start(ApiServer server) throws IOException {
        chart = RenderedChart.render(server.cluster().version(), VALUES);
        cluster = server.cluster();
        Kubectl any = cluster.kubectl("default");
        try (var crds = getClass().getResourceAsStream("/crds/workloads.yaml")) {
            any.apply(new String(Objects.requireNonNull(crds).readAllBytes(), StandardCharsets.UTF_8));
        }
        any.ok("wait", "--for=condition=Established", "crd/rollouts.argoproj.io", "crd/fleets.fleet.example.test");
        webhook = WebhookUnderTest.start(server, chart, "registered", WebhookUnderTest.OnFailure.SHOW);
        operator = InstalledOperator.start(server.cluster(), chart);
    }

    @AfterAll
    void stop() {
        operator.close();
        webhook.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rollout", "Fleet"})
    @DisplayName("is refused by the path of its fields, taken when it is right, and edited where a policy injects:")
    void judged(String kind) {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(demanding(KINDS));
        await("the webhook judges it")
                .until(() -> !apply(kubectl, kind, "bad", UNAWARE).succeeded());
        assertThat(apply(kubectl, kind, "bad", UNAWARE).err())
                .startsWith("The " + kind + " \"bad\" is invalid: ")
                .contains("* " + path(kind) + ".spec.terminationGracePeriodSeconds: 30s is too short")
                .contains("* " + path(kind) + ".spec.containers[app].lifecycle.preStop: ");
        apply(kubectl, kind, "good", AWARE).orFail();
        assertThat(apply(kubectl, kind, "good", UNAWARE).succeeded()).isFalse();

        kubectl.apply(demanding(KINDS + ", injection: {mode: Apply}"));
        await("the webhook injects")
                .until(() -> apply(kubectl, kind, "mended", UNAWARE).succeeded());
        JsonNode spec = kubectl.get(kind, "mended").at("/" + path(kind).replace('.', '/') + "/spec");
        assertThat(spec.path("terminationGracePeriodSeconds").asInt()).isEqualTo(35);
        assertThat(spec.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt())
                .isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rollout", "Fleet"})
    @DisplayName("is not asked about where its template stays, not even with a template that is bad")
    void keepsTemplate(String kind) {
        Kubectl kubectl = webhook.namespace();
        apply(kubectl, kind, "old", UNAWARE).orFail();
        webhook.introduce(kubectl, demanding("validation: {actions: [Deny]}"));
        kubectl.apply(demanding(KINDS));
        await("the webhook judges it")
                .until(() -> !apply(kubectl, kind, "new", UNAWARE).succeeded());
        long reviews = webhook.reviews("validate_workloads") + webhook.reviews("mutate_workloads");
        kubectl.ok("label", kind, "old", "team=shop");
        kubectl.ok("patch", kind, "old", "--type=merge", "-p", "{\"spec\": {\"replicas\": 5}}");
        assertThat(webhook.reviews("validate_workloads") + webhook.reviews("mutate_workloads"))
                .isEqualTo(reviews);
    }

    @Test
    @DisplayName("passes without a template of its own")
    void withoutTemplate() {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(demanding(KINDS));
        await("the webhook judges it")
                .until(() -> !apply(kubectl, "Rollout", "bad", UNAWARE).succeeded());
        kubectl.apply("""
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: by-reference}
                spec: {replicas: 1, workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
                """);
    }

    @Test
    @DisplayName(
            "has children that pass, where its own controller makes them, and Kubernetes their pods; a claim is not enough")
    void children() {
        Kubectl kubectl = webhook.namespace();
        apply(kubectl, "Rollout", "web", UNAWARE).orFail();
        String uid = kubectl.get("rollout", "web").at("/metadata/uid").asText();
        webhook.introduce(
                kubectl,
                demanding("match: {kinds: [Deployment, Rollout, ReplicaSet, Pod]}, validation: {actions: [Deny]}"));
        String child = """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  name: web-7c9
                  ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web, uid: %s, controller: true}]
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      %s
                """.formatted(uid, UNAWARE);
        assertThat(kubectl.with(child, "create").err()).startsWith("The ReplicaSet \"web-7c9\" is invalid: ");
        kubectl.ok(
                "create", "rolebinding", "argo", "--clusterrole=admin", "--serviceaccount=argo-rollouts:argo-rollouts");
        await("RBAC")
                .until(() -> kubectl.with(child, "create", "--as=" + CONTROLLER).succeeded());
        await("its pods").until(() -> kubectl.get("pods").path("items").size() == 2);
    }

    @Test
    @DisplayName(
            "is counted by the operator in the policy's status, by its kind and name, with the rights of the chart")
    void scanned() {
        Kubectl kubectl = webhook.namespace();
        apply(kubectl, "Rollout", "bad", UNAWARE).orFail();
        apply(kubectl, "Rollout", "good", AWARE).orFail();
        apply(kubectl, "Fleet", "bad", UNAWARE).orFail();
        kubectl.apply(demanding(KINDS));
        await().untilAsserted(() -> {
            JsonNode status = kubectl.get("gsp", "web").path("status");
            assertThat(status.path("matched").asInt()).isEqualTo(3);
            assertThat(status.path("compliant").asInt()).isEqualTo(1);
            assertThat(status.path("violations").findValuesAsText("workload"))
                    .contains("Rollout/bad", "Fleet/bad")
                    .doesNotContain("Rollout/good");
        });
        apply(kubectl, "Rollout", "bad", AWARE).orFail();
        await().untilAsserted(() -> assertThat(
                        kubectl.get("gsp", "web").at("/status/compliant").asInt())
                .isEqualTo(2));
    }

    /** Nobody says a version or a plural to the command line: it asks the API server. */
    @Test
    @DisplayName("is found by the command line in the cluster, whatever its plural and the depth of its template")
    void commandLine() throws IOException {
        Kubectl kubectl = webhook.namespace();
        apply(kubectl, "Rollout", "bad", UNAWARE).orFail();
        apply(kubectl, "Rollout", "good", AWARE).orFail();
        apply(kubectl, "Fleet", "bad", UNAWARE).orFail();
        kubectl.apply(demanding(KINDS));

        Command.Result checked = commandLine(kubectl, "check", "-o", "json");
        assertThat(checked.err()).isEmpty();
        JsonNode report = new ObjectMapper().readTree(checked.out());
        assertThat(report.path("workloads").findValuesAsText("workload"))
                .containsExactlyInAnyOrder(
                        "Rollout " + kubectl.namespace() + "/bad",
                        "Rollout " + kubectl.namespace() + "/good",
                        "Fleet " + kubectl.namespace() + "/bad");
        assertThat(report.at("/summary/violating").asInt()).isEqualTo(2);
        assertThat(checked.exitCode()).isEqualTo(1);

        // The words of the command line are those of the policy's status, which the operator writes.
        await().untilAsserted(() -> assertThat(
                        kubectl.get("gsp", "web").at("/status/violations").findValuesAsText("workload"))
                .contains("Rollout/bad", "Fleet/bad"));
        Command.Result text = commandLine(kubectl, "check");
        assertThat(text.out())
                .contains("error: Fleet " + kubectl.namespace() + "/bad [BudgetFits]\n  " + path("Fleet")
                        + ".spec.terminationGracePeriodSeconds: 30s is too short: ")
                .endsWith("3 workloads in namespace " + kubectl.namespace() + ": 1 fine, 2 violating (4 violations)\n");
        assertThat(commandLine(kubectl, "explain", "workload", "Fleet.fleet.example.test/bad")
                        .orFail()
                        .out())
                .startsWith("Fleet " + kubectl.namespace() + "/bad: Violating\n");
        assertThat(commandLine(kubectl, "simulate").orFail().out())
                .contains("Refused (2)", "Rollout " + kubectl.namespace() + "/bad");
    }

    @Test
    @DisplayName("that no CRD brings is told by the command line, and the rest is judged")
    void commandLineWithoutCrd() {
        Kubectl kubectl = webhook.namespace();
        apply(kubectl, "Rollout", "bad", UNAWARE).orFail();
        kubectl.apply(demanding(KINDS));

        Command.Result checked = commandLine(
                kubectl,
                "check",
                "--workload-kind=Gone.argoproj.io=spec.template",
                "--policy",
                policyFile("match: {kinds: [Rollout, Gone]}, validation: {actions: [Deny]}"));
        assertThat(checked.err()).isEqualTo("cluster: Gone.argoproj.io: the cluster has no such kind\n");
        assertThat(checked.out()).contains("error: Rollout " + kubectl.namespace() + "/bad [BudgetFits]");
        assertThat(checked.exitCode()).isEqualTo(3);
    }

    /** Roles that a RoleBinding gives reach no cluster policy: those are of the cluster. */
    @Test
    @DisplayName("is judged for a developer who may only view one namespace, and nothing is said of the others")
    void developer() {
        Kubectl elsewhere = webhook.namespace();
        elsewhere.ok("label", "namespace", elsewhere.namespace(), "test-scope-");
        await("nobody refuses it")
                .until(() -> elsewhere
                        .with(demanding("match: {kinds: [Rolout]}"), "apply")
                        .succeeded());
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(deployment("bad", UNAWARE));
        kubectl.apply(demanding("validation: {actions: [Deny]}"));
        kubectl.ok("create", "serviceaccount", "developer");
        kubectl.ok(
                "create",
                "rolebinding",
                "view",
                "--clusterrole=view",
                "--serviceaccount=" + kubectl.namespace() + ":developer");
        Path developer = cluster.kubeconfigOf(kubectl.namespace(), "developer");

        String missing = "cluster: clustergracefulshutdownpolicies: you may not read them\n";
        await("RBAC").untilAsserted(() -> {
            Command.Result checked = commandLine(kubectl, developer, "check");
            assertThat(checked.err()).isEqualTo(missing);
            assertThat(checked.out()).contains("error: Deployment " + kubectl.namespace() + "/bad [BudgetFits]");
            assertThat(checked.exitCode()).isEqualTo(3);
        });
        Command.Result explained = commandLine(kubectl, developer, "explain", "workload", "deploy/bad");
        assertThat(explained.out()).startsWith("Deployment " + kubectl.namespace() + "/bad: Violating\n");
        assertThat(explained.err()).isEqualTo(missing);
        assertThat(explained.exitCode()).isEqualTo(3);
        kubectl.ok(
                "create",
                "clusterrole",
                kubectl.namespace(),
                "--verb=list",
                "--resource=clustergracefulshutdownpolicies.gracekeeper.io");
        kubectl.ok(
                "create",
                "clusterrolebinding",
                kubectl.namespace(),
                "--clusterrole=" + kubectl.namespace(),
                "--serviceaccount=" + kubectl.namespace() + ":developer");
        await("RBAC").untilAsserted(() -> {
            Command.Result checked = commandLine(kubectl, developer, "check");
            assertThat(checked.err()).isEmpty();
            assertThat(checked.exitCode()).isEqualTo(1);
        });
        assertThat(commandLine(kubectl, developer, "explain", "workload", "deploy/bad")
                        .orFail()
                        .out())
                .startsWith("Deployment " + kubectl.namespace() + "/bad: Violating\n");
        kubectl.ok("delete", "clusterrolebinding,clusterrole", kubectl.namespace());
        elsewhere.ok("delete", "gsp", "web");
    }

    private Command.Result commandLine(Kubectl kubectl, String... arguments) {
        return commandLine(kubectl, cluster.kubeconfig(), arguments);
    }

    private static Command.Result commandLine(Kubectl kubectl, Path kubeconfig, String... arguments) {
        var words = new ArrayList<>(List.of(Checkout.commandLine().toString()));
        words.addAll(List.of(arguments));
        words.addAll(List.of("-n", kubectl.namespace(), "--kubeconfig", kubeconfig.toString()));
        words.add("--workload-kind=Rollout.argoproj.io=spec.template");
        words.add("--workload-kind=Fleet.fleet.example.test=spec.unit.template");
        return Command.of(words).run();
    }

    private String policyFile(String rest) {
        try {
            return Files.writeString(folder.resolve("policy.yaml"), demanding(rest))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("is one of the words that an error about an unknown kind offers, at apply and in the status")
    void unknown() {
        Kubectl kubectl = webhook.namespace();
        String policy = demanding("match: {kinds: [Rolout]}");
        var refused = kubectl.with(policy, "apply");
        assertThat(refused.err())
                .contains("spec.match.kinds[0]", "\"Rolout\" is no kind of workload that is known", "Rollout");
        // Where nobody is asked about the namespace, the status says it.
        kubectl.ok("label", "namespace", kubectl.namespace(), "test-scope-");
        await().until(() -> kubectl.with(policy, "apply").succeeded());
        await().untilAsserted(() -> {
            JsonNode accepted = condition(kubectl.get("gsp", "web"), "Accepted");
            assertThat(accepted.path("status").asText()).isEqualTo("False");
            assertThat(accepted.path("message").asText()).contains("spec.match.kinds[0]", "Rolout");
        });
    }

    private static Command.Result apply(Kubectl kubectl, String kind, String name, String podSpec) {
        String template = "template:\n  metadata: {labels: {app: " + name + "}}\n  spec:\n"
                + podSpec.strip().indent(4).stripTrailing();
        String spec = kind.equals("Rollout")
                ? "selector: {matchLabels: {app: " + name + "}}\nstrategy: {canary: {}}\n" + template
                : "unit:\n" + template.indent(2).stripTrailing();
        return kubectl.with(
                "apiVersion: " + (kind.equals("Rollout") ? "argoproj.io/v1alpha1" : "fleet.example.test/v1")
                        + "\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n  replicas: 1\n"
                        + spec.indent(2),
                "apply");
    }

    private static String path(String kind) {
        return kind.equals("Rollout") ? "spec.template" : "spec.unit.template";
    }
}
