package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.Kubectl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person may write who has the ClusterRole {@code edit} in a namespace, and what the controllers make there. */
@DisplayName("Whoever writes ownerReferences")
@OnRealApiServer
class ForgedOwnersApiServerIT {
    private static final String DEPLOYMENTS = "system:serviceaccount:kube-system:deployment-controller";
    private static final String REPLICA_SETS = "system:serviceaccount:kube-system:replicaset-controller";
    private static final String CRON_JOBS = "system:serviceaccount:kube-system:cronjob-controller";
    private static final String ALICE = "alice";

    private WebhookUnderTest webhook;

    @BeforeAll
    void start(ApiServer server) {
        webhook = server.webhook();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[Deployment, ReplicaSet, Pod]", "[Deployment, Pod]"})
    @DisplayName(
            "makes no ReplicaSet pass as a Deployment's, nor by labels that the Deployment adopts; its controller does:")
    void replicaSet(String kinds) {
        Kubectl kubectl = withDeployment(kinds);
        JsonNode deployment = kubectl.get("deployment", "real");
        String owner = owner("apps/v1", "Deployment", deployment);

        assertThat(create(kubectl, ALICE, replicaSet("real-forged", owner, UNAWARE))
                        .err())
                .startsWith("The ReplicaSet \"real-forged\" is invalid: ")
                .contains("spec.template.spec.terminationGracePeriodSeconds: ", "(gsp/web)");
        assertThat(create(kubectl, ALICE, replicaSet("real-adoptable", "", UNAWARE))
                        .err())
                .startsWith("The ReplicaSet \"real-adoptable\" is invalid: ");
        create(kubectl, ALICE, replicaSet("real-good", "", AWARE)).orFail();
        assertThat(kubectl.with(replicaSet("real-good", "", UNAWARE), "replace", "--as", ALICE)
                        .err())
                .as("edited afterwards")
                .contains("The ReplicaSet \"real-good\" is invalid: ");

        create(kubectl, DEPLOYMENTS, replicaSet("real-5d4f8c7b9", owner, UNAWARE))
                .orFail();
        JsonNode made = kubectl.get("replicaset", "real-5d4f8c7b9");
        assertThat(made.at("/spec/template/spec/containers/0").has("lifecycle"))
                .as("edited")
                .isFalse();
        String pod = pod(owner("apps/v1", "ReplicaSet", made));
        create(kubectl, REPLICA_SETS, pod).orFail();
        assertThat(create(kubectl, ALICE, pod).err()).startsWith("The Pod \"real-");
    }

    @Test
    @DisplayName(
            "gets no pod past a policy for pods alone, whichever ReplicaSet it is of, unless an exception names one above")
    void podsAlone() {
        Kubectl kubectl = withDeployment("[Pod]");
        JsonNode deployment = kubectl.get("deployment", "real");
        create(kubectl, DEPLOYMENTS, replicaSet("real-5d4f8c7b9", owner("apps/v1", "Deployment", deployment), UNAWARE))
                .orFail();
        String pod = pod(owner("apps/v1", "ReplicaSet", kubectl.get("replicaset", "real-5d4f8c7b9")));
        assertThat(create(kubectl, REPLICA_SETS, pod).err()).startsWith("The Pod \"real-");

        kubectl.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: ShutdownException
                metadata: {name: vendor}
                spec: {target: {kind: Deployment, names: [real]}, rules: [BudgetFits, DrainDelay], reason: OPS-9, expiresAt: "%s"}
                """.formatted(Manifests.inDays(30)));

        await("the exception is in force")
                .until(() -> create(kubectl, REPLICA_SETS, pod).succeeded());
        assertThat(create(kubectl, ALICE, pod).err()).startsWith("The Pod \"real-");
    }

    @Test
    @DisplayName("makes no Job pass as a CronJob's; its controller does")
    void job() {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: report}
                spec:
                  schedule: "0 0 1 1 *"
                  suspend: true
                  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, %s}}}}
                """.formatted(UNAWARE));
        letIn(kubectl, "[CronJob, Pod]");
        String job = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: report-29391840%s}
                spec: {suspend: true, template: {spec: {restartPolicy: Never, %s}}}
                """.formatted(owner("batch/v1", "CronJob", kubectl.get("cronjob", "report")), UNAWARE);
        assertThat(create(kubectl, ALICE, job).err()).startsWith("The Job \"report-29391840\" is invalid: ");
        create(kubectl, CRON_JOBS, job).orFail();
    }

    /** A namespace with a Deployment that was there first, and with a policy. */
    private Kubectl withDeployment(String kinds) {
        Kubectl kubectl = webhook.namespace();
        kubectl.apply(deployment("real", AWARE).replace("replicas: 1", "replicas: 0"));
        await("its own ReplicaSet")
                .until(() -> kubectl.get("replicasets").path("items").size() == 1);
        letIn(kubectl, kinds);
        return kubectl;
    }

    /** Has a policy judge these kinds, and lets Alice edit. */
    private void letIn(Kubectl kubectl, String kinds) {
        kubectl.ok("create", "rolebinding", ALICE, "--clusterrole=edit", "--user=" + ALICE);
        kubectl.apply(demanding("match: {kinds: " + kinds + "}, validation: {actions: [Deny]}"));
        await("the webhook judges pods")
                .until(() -> create(
                                kubectl,
                                ALICE,
                                "{apiVersion: v1, kind: Pod, metadata: {name: bare}, spec: {" + UNAWARE + "}}")
                        .err()
                        .contains("(gsp/web)"));
    }

    private static Command.Result create(Kubectl kubectl, String user, String manifest) {
        return kubectl.with(manifest, "create", "--as", user);
    }

    private static String owner(String apiVersion, String kind, JsonNode owner) {
        return ", ownerReferences: [{apiVersion: " + apiVersion + ", kind: " + kind + ", name: "
                + owner.at("/metadata/name").asText() + ", uid: "
                + owner.at("/metadata/uid").asText() + ", controller: true}]";
    }

    /** One that makes no pods by itself. */
    private static String replicaSet(String name, String owner, String podSpec) {
        return """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata: {name: %1$s, labels: {app: real, pod-template-hash: %1$s}%2$s}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: real, pod-template-hash: %1$s}}
                  template:
                    metadata: {labels: {app: real, pod-template-hash: %1$s}}
                    spec:
                %3$s
                """.formatted(name, owner, podSpec.strip().indent(6).stripTrailing());
    }

    private static String pod(String owner) {
        return "{apiVersion: v1, kind: Pod, metadata: {generateName: real-, labels: {app: other}" + owner + "}, spec: {"
                + UNAWARE + "}}";
    }
}
