package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Of each kind of workload,")
@OnRealApiServer
class KindsApiServerIT {
    private static final String ALL_KINDS =
            "[Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Pod]";

    private WebhookUnderTest webhook;
    private Kubectl refusing;

    @BeforeAll
    void start(ApiServer server) {
        webhook = server.webhook();
        refusing = webhook.namespaceWith(denying(ALL_KINDS));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "apps/v1, Deployment, spec.template.spec",
        "apps/v1, StatefulSet, spec.template.spec",
        "apps/v1, DaemonSet, spec.template.spec",
        "apps/v1, ReplicaSet, spec.template.spec",
        "v1, ReplicationController, spec.template.spec",
        "batch/v1, Job, spec.template.spec",
        "batch/v1, CronJob, spec.jobTemplate.spec.template.spec",
        "v1, Pod, spec"
    })
    @DisplayName("kubectl apply is told what is wrong, by the path of the field, and takes what is right:")
    void refused(String apiVersion, String kind, String path) {
        var result = refusing.with(workload(apiVersion, kind, "bad", UNAWARE), "apply");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("The " + kind + " \"bad\" is invalid: ")
                .contains("* " + path + ".terminationGracePeriodSeconds: ");
        assertThat(refusing.with(workload(apiVersion, kind, "bad", UNAWARE), "create", "--dry-run=server")
                        .err())
                .isEqualTo(result.err());
        refusing.apply(workload(apiVersion, kind, "good", AWARE));
        // The second half of the ratchet's first half: what keeps its template is not even asked about.
        refusing.ok("label", kind.toLowerCase(Locale.ROOT), "good", "team=shop");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({"apps/v1, StatefulSet", "apps/v1, ReplicaSet", "v1, ReplicationController", "v1, Pod"})
    @DisplayName("what may be edited gets its hook and its grace period, a pod where its namespace asks for it:")
    void injected(String apiVersion, String kind) {
        Kubectl kubectl = webhook.namespaceWith(demanding(
                "match: {kinds: " + ALL_KINDS + "}, validation: {actions: [Deny]}, injection: {mode: Apply}"));
        if (kind.equals("Pod")) {
            assertThat(kubectl.with(workload(apiVersion, kind, "x", UNAWARE), "apply")
                            .exitCode())
                    .isEqualTo(1);
            kubectl.ok("label", "namespace", kubectl.namespace(), "gracekeeper.io/pod-injection=enabled");
        }
        await().until(() ->
                kubectl.with(workload(apiVersion, kind, "x", UNAWARE), "apply").succeeded());
        JsonNode spec = kubectl.get(kind, "x").at(kind.equals("Pod") ? "/spec" : "/spec/template/spec");
        assertThat(spec.at("/terminationGracePeriodSeconds").asInt()).isEqualTo(35);
        assertThat(spec.at("/containers/0/lifecycle/preStop/sleep/seconds").asInt())
                .isEqualTo(10);
    }

    @Test
    @DisplayName("children of a judged workload always pass, also those of one that was bad before")
    void childrenPass() {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(deployment("old", UNAWARE));
        await().until(() -> pods(kubectl, "old") == 1);
        webhook.introduce(kubectl, denying("[Deployment, Pod]"));
        kubectl.ok("scale", "deployment", "old", "--replicas=3");
        await().until(() -> pods(kubectl, "old") == 3);
        assertThat(kubectl.with(workload("v1", "Pod", "bare", UNAWARE), "apply").exitCode())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("whoever claims to be a judged workload's child is judged all the same")
    void forgedOwner() {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(deployment("real", AWARE));
        await().until(() -> pods(kubectl, "real") == 1);
        webhook.introduce(kubectl, denying("[Deployment, Pod]"));
        JsonNode replicaSet = kubectl.get("replicaset").at("/items/0/metadata");
        String forged = workload("v1", "Pod", "forged", UNAWARE)
                .replace(
                        "metadata: {name: forged}",
                        "metadata: {name: forged, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: "
                                + replicaSet.path("name").asText() + ", uid: "
                                + replicaSet.path("uid").asText() + ", controller: true}]}");
        assertThat(kubectl.with(forged, "apply").err()).startsWith("The Pod \"forged\" is invalid: ");
    }

    @Test
    @DisplayName("kubectl rollout undo goes back to a bad revision of its own, with a warning, and no further")
    void rollback() {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(deployment("app", UNAWARE));
        kubectl.ok("rollout", "history", "deployment/app");
        await().until(() -> kubectl.get("replicaset").path("items").size() == 1);
        kubectl.apply(deployment("app", AWARE));
        await().until(() -> kubectl.get("replicaset").path("items").size() == 2);
        webhook.introduce(kubectl, denying("[Deployment]"));
        long before = webhook.passages("rollback");

        assertThat(kubectl.with(deployment("app", UNAWARE.replace("app:1", "app:3")), "apply")
                        .exitCode())
                .as("a bad template that it never had")
                .isEqualTo(1);
        Command.Result undo = kubectl.run("rollout", "undo", "deployment/app");
        assertThat(undo.orFail().err()).contains("rollback to a revision of its own");
        assertThat(kubectl.get("deployment", "app")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(30);
        assertThat(webhook.passages("rollback")).isGreaterThan(before);
    }

    @Test
    @DisplayName("broken glass lets it through, with a warning and a number")
    void breakGlass() {
        long before = webhook.passages("break_glass");
        String until = Instant.now().plus(2, ChronoUnit.HOURS).toString();
        String urgent = deployment("urgent", UNAWARE)
                .replace(
                        "metadata: {name: urgent}",
                        "metadata: {name: urgent, annotations: {gracekeeper.io/break-glass: \"" + until
                                + " INC-42 checkout is down\"}}");
        assertThat(refusing.apply(urgent).err())
                .contains("let through until")
                .contains("app needs terminationGracePeriodSeconds: 35");
        assertThat(webhook.passages("break_glass")).isEqualTo(before + 1);
    }

    @Test
    @DisplayName("an exception lets off whom it names, from what it names, and itself is checked")
    void exceptions() {
        Kubectl kubectl = webhook.namespaceWith(denying("[Deployment]"));
        var tooLong = kubectl.with(exception(200), "apply");
        assertThat(tooLong.err())
                .startsWith("The ShutdownException \"vendor\" is invalid: ")
                .contains("spec.expiresAt")
                .contains("is more than 180 days ahead");
        kubectl.apply(exception(90));
        await().until(() ->
                kubectl.with(deployment("billing", UNAWARE), "apply").succeeded());
        assertThat(kubectl.with(deployment("other", UNAWARE), "apply").exitCode())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("a policy of the cluster holds in the namespaces that it selects, from when they carry the label")
    void clusterPolicy() {
        Kubectl kubectl = webhook.namespace();
        String name = "baseline-" + kubectl.namespace();
        var bad = kubectl.with("""
                {apiVersion: gracekeeper.io/v1alpha1, kind: ClusterGracefulShutdownPolicy, metadata: {name: %s},
                 spec: {namespaceSelector: {matchLabels: {"not a label": x}}}}
                """.formatted(name), "apply");
        assertThat(bad.err()).contains("is invalid: ").contains("spec.namespaceSelector.matchLabels");
        kubectl.apply("""
                {apiVersion: gracekeeper.io/v1alpha1, kind: ClusterGracefulShutdownPolicy, metadata: {name: %s},
                 spec: {namespaceSelector: {matchLabels: {tier: %s}}, requirements: {drainDelaySeconds: 10, shutdownSeconds: 20},
                        validation: {actions: [Deny]}}}
                """.formatted(name, name));
        try {
            kubectl.apply(deployment("before", UNAWARE));
            kubectl.ok("label", "namespace", kubectl.namespace(), "tier=" + name);
            await().untilAsserted(() -> assertThat(
                            kubectl.with(deployment("after", UNAWARE), "create", "--dry-run=server")
                                    .err())
                    .contains("(cgsp/" + name + ")"));
        } finally {
            kubectl.ok("delete", "cgsp", name);
        }
    }

    @Test
    @DisplayName("one that leaves its name to the API server is told by what its name starts with")
    void generateName() {
        String nameless =
                deployment("batch", UNAWARE).replace("metadata: {name: batch}", "metadata: {generateName: batch-}");
        assertThat(refusing.with(nameless, "create").err()).startsWith("The Deployment \"batch-");
    }

    @Test
    @DisplayName("whoever writes a policy that refuses is told what it would refuse")
    void forecast() {
        Kubectl kubectl = webhook.namespace();
        for (String name : new String[] {"cart", "checkout"}) {
            kubectl.apply(deployment(name, UNAWARE));
        }
        kubectl.apply(deployment("good", AWARE));
        await().untilAsserted(() -> assertThat(kubectl.with(denying("[Deployment]"), "create", "--dry-run=server")
                        .orFail()
                        .err())
                .isEqualTo("Warning: gracekeeper: web: would refuse 2 workloads if created now, e.g. Deployment "
                        + kubectl.namespace() + "/cart\n"));
        assertThat(kubectl.apply(demanding("validation: {actions: [Warn]}")).err())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled", "disabled"})
    @DisplayName("a namespace that fails closed is asked about in the same words")
    void failClosed(String label) {
        Kubectl kubectl = webhook.namespaceWith(denying("[Deployment]"));
        kubectl.ok("label", "namespace", kubectl.namespace(), "gracekeeper.io/fail-closed=" + label);
        await().during(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(
                                kubectl.with(deployment("x", UNAWARE), "create").err())
                        .startsWith("The Deployment \"x\" is invalid: "));
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private static long pods(Kubectl kubectl, String app) {
        return kubectl.get("pods", "-l", "app=" + app).path("items").size();
    }

    private static String denying(String kinds) {
        return demanding("match: {kinds: " + kinds + "}, validation: {actions: [Deny]}");
    }

    private static String exception(int days) {
        return """
                apiVersion: gracekeeper.io/v1alpha1
                kind: ShutdownException
                metadata: {name: vendor}
                spec:
                  target: {kind: Deployment, names: [billing]}
                  rules: [BudgetFits, DrainDelay]
                  reason: OPS-9 vendor image
                  expiresAt: "%s"
                """.formatted(Instant.now().plus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS));
    }

    private static String workload(String apiVersion, String kind, String name, String podSpec) {
        String restart = kind.equals("Job") || kind.equals("CronJob") ? "restartPolicy: Never\n" : "";
        String spec = (restart + podSpec).strip();
        String template = "template:\n  metadata: {labels: {app: " + name + "}}\n  spec:\n"
                + spec.indent(4).stripTrailing();
        String body = switch (kind) {
            case "Pod" -> spec;
            case "CronJob" ->
                "schedule: \"0 0 1 1 *\"\njobTemplate:\n  spec:\n"
                        + template.indent(4).stripTrailing();
            case "Job" -> template;
            case "ReplicationController" -> "selector: {app: " + name + "}\n" + template;
            case "StatefulSet" -> "serviceName: x\nselector: {matchLabels: {app: " + name + "}}\n" + template;
            default -> "selector: {matchLabels: {app: " + name + "}}\n" + template;
        };
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n"
                + body.indent(2);
    }
}
