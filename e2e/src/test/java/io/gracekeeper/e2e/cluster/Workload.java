package io.gracekeeper.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A Deployment with real processes. Each change of {@code version} rolls it.
 *
 * @param kubectl for its namespace
 * @param name its name
 * @param replicas how many pods
 * @param onTerm what its shell does on SIGTERM
 * @param spec what else its author wrote into the pod spec, one line of flow style without braces; may be empty
 * @param container what else its author wrote into the container, likewise
 */
record Workload(Kubectl kubectl, String name, int replicas, String onTerm, String spec, String container) {
    private static final Duration LONGEST_ROLLOUT = Duration.ofSeconds(180);

    static final String EXITS = "exit 0";
    static final String SERVES = "ports: [{containerPort: 8080}]";

    Workload withSpec(String other) {
        return new Workload(kubectl, name, replicas, onTerm, other, container);
    }

    String manifest(int version) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {%3$scontainers: [{
                      name: app,
                      image: "gracekeeper.local/busybox:1",
                      imagePullPolicy: Never,
                      env: [{name: VERSION, value: "%4$d"}],
                      %5$scommand: [sh, -c, "trap '%6$s' TERM; while :; do sleep 0.1; done"]}]}
                """.formatted(name, replicas, comma(spec), version, comma(container), onTerm);
    }

    private static String comma(String flow) {
        return flow.isEmpty() ? "" : flow + ", ";
    }

    /** Applies a version, and waits until its pods are Ready. */
    Workload roll(int version) {
        kubectl.apply(manifest(version));
        kubectl.ok("rollout", "status", "deployment/" + name, "--timeout=180s");
        return this;
    }

    /** Applies a version, and returns at once. */
    void startRolling(int version) {
        kubectl.apply(manifest(version));
    }

    /** The revision that its ReplicaSets are at. */
    String revision() {
        return kubectl.get("deployment", name)
                .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                .asText();
    }

    /** Its pods, those that are ending included. */
    List<String> podNames() {
        return StreamSupport.stream(
                        kubectl.get("pods", "-l", "app=" + name).path("items").spliterator(), false)
                .map(pod -> pod.at("/metadata/name").asText())
                .toList();
    }

    /** The audit of a revision, as it is now; an empty object where there is none. */
    JsonNode audit(String revision) {
        var found = kubectl.run("get", "rolloutaudit", auditName(revision));
        return found.succeeded()
                ? kubectl.get("rolloutaudit", auditName(revision))
                : JsonNodeFactory.instance.objectNode();
    }

    /** The status of the audit of a revision, once it is complete. */
    JsonNode completeAudit(String revision) {
        await("audit of " + name + " revision " + revision + " is complete")
                .atMost(LONGEST_ROLLOUT)
                .until(() -> Conditions.status(audit(revision), "Complete").equals("True"));
        return audit(revision).path("status");
    }

    /** Waits for the audit of the newest revision, and checks its verdict. */
    JsonNode assertVerdict(String verdict) {
        JsonNode status = completeAudit(revision());
        assertThat(status.path("verdict").asText()).as(status.toPrettyString()).isEqualTo(verdict);
        return status;
    }

    String auditName(String revision) {
        return "deploy-" + name + "-" + revision;
    }
}
