package io.gracekeeper.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rights, whole. A right that is added here needs code that uses it and a sentence that says for what; a right whose code is
 * gone goes too.
 */
@DisplayName("The rights of the two processes")
class RbacTest {
    private static final String MUTATING = "admissionregistration.k8s.io/mutatingwebhookconfigurations[gracekeeper]";
    private static final String VALIDATING =
            "admissionregistration.k8s.io/validatingwebhookconfigurations[gracekeeper]";

    @Test
    @DisplayName(
            "the webhook reads policies, workloads and namespaces everywhere and its own certificate, never pods, and changes nothing")
    void webhook() {
        Rendered rendered = Chart.render();
        assertThat(rights(rendered, "ClusterRole", "gracekeeper-webhook", ""))
                .containsExactlyInAnyOrder(
                        // What it judges by.
                        "gracekeeper.io/gracefulshutdownpolicies list watch",
                        "gracekeeper.io/clustergracefulshutdownpolicies list watch",
                        "gracekeeper.io/shutdownexceptions list watch",
                        "/namespaces list watch",
                        // Who made a pod, and what a rollback goes back to.
                        "apps/replicasets list watch",
                        "apps/controllerrevisions list watch",
                        "batch/jobs list watch",
                        // What a new policy would refuse.
                        "apps/deployments list watch",
                        "apps/statefulsets list watch",
                        "apps/daemonsets list watch",
                        "batch/cronjobs list watch",
                        "/replicationcontrollers list watch");
        assertThat(rights(
                        Chart.render("workloadKinds: [{group: argoproj.io, version: v1alpha1, kind: Rollout,"
                                + " resource: rollouts, templatePath: spec.template, controllers: [a]}]"),
                        "ClusterRole",
                        "gracekeeper-webhook",
                        ""))
                .contains("argoproj.io/rollouts list watch");
        assertThat(rights(rendered, "Role", "gracekeeper-webhook", Chart.NAMESPACE))
                .containsExactlyInAnyOrder("/secrets[gracekeeper-webhook-tls] list watch");
        assertThat(rendered.ofKind("Role")
                        .filter(role -> role.at("/metadata/name").asText().equals("gracekeeper-webhook")))
                .hasSize(1);
    }

    @Test
    @DisplayName(
            "the operator reads workloads, touches Deployments, writes its own kinds and Events, and two objects' caBundle")
    void operatorInTheCluster() {
        assertThat(rights(Chart.render(), "ClusterRole", "gracekeeper-operator", ""))
                .as("a new right needs code that uses it; see the comment of this test")
                .containsExactlyInAnyOrder(
                        // Policies are people's: it reads them and writes status.
                        "gracekeeper.io/gracefulshutdownpolicies get list watch",
                        "gracekeeper.io/clustergracefulshutdownpolicies get list watch",
                        "gracekeeper.io/shutdownexceptions get list watch",
                        "gracekeeper.io/gracefulshutdownpolicies/status patch",
                        "gracekeeper.io/clustergracefulshutdownpolicies/status patch",
                        "gracekeeper.io/shutdownexceptions/status patch",
                        // Labels that policies of the cluster select by.
                        "/namespaces list watch",
                        // Audits are its own; delete: those beyond historyLimit.
                        "gracekeeper.io/rolloutaudits create delete get list watch",
                        "gracekeeper.io/rolloutaudits/status patch",
                        // patch: the touch, and the annotation that ends the back-off of a ReplicaSet.
                        "apps/deployments get list patch watch",
                        "apps/replicasets get list watch",
                        "/pods get list watch",
                        // Judged, each kind while a policy names it.
                        "apps/daemonsets list watch",
                        "apps/statefulsets list watch",
                        "batch/cronjobs list watch",
                        "batch/jobs list watch",
                        "/replicationcontrollers list watch",
                        "events.k8s.io/events create",
                        MUTATING + " get list patch watch",
                        VALIDATING + " get list patch watch");
    }

    @Test
    @DisplayName("the operator may write PolicyReports only where they are asked for, by a role that owns them")
    void policyReports() {
        assertThat(Chart.render().yaml()).doesNotContain("policyreports");
        Rendered rendered = Chart.render("policyReports: {enabled: true}");
        assertThat(rights(rendered, "ClusterRole", "gracekeeper-operator-reports", ""))
                .containsExactlyInAnyOrder(
                        "wgpolicyk8s.io/policyreports create delete list patch watch",
                        "rbac.authorization.k8s.io/clusterroles[gracekeeper-operator-reports] get");
        assertThat(rendered.deployment("operator").toString()).contains("\"gracekeeper-operator-reports\"");
    }

    @Test
    @DisplayName("in its own namespace the operator has its Lease and its two Secrets, by name")
    void operatorAtHome() {
        assertThat(rights(Chart.render(), "Role", "gracekeeper-operator", Chart.NAMESPACE))
                .containsExactlyInAnyOrder(
                        "coordination.k8s.io/leases create",
                        "coordination.k8s.io/leases[gracekeeper-operator] get patch update",
                        "/secrets create",
                        "/secrets[gracekeeper-ca] get list patch watch",
                        "/secrets[gracekeeper-webhook-tls] get list patch watch");
    }

    @Test
    @DisplayName(
            "in the canary's namespace it creates the Deployment that has to be refused, and keeps the canary's policy")
    void operatorAtTheCanary() {
        assertThat(rights(Chart.render(), "Role", "gracekeeper-operator", Chart.NAMESPACE + "-canary"))
                .containsExactlyInAnyOrder(
                        "apps/deployments create",
                        "gracekeeper.io/gracefulshutdownpolicies create",
                        "gracekeeper.io/gracefulshutdownpolicies[gracekeeper-canary] patch");
    }

    @Test
    @DisplayName("hold no wildcard, and nothing in the whole cluster that would let us become somebody else")
    void holdNothingDangerous() {
        Rendered rendered = Chart.render();
        for (String kind : List.of("ClusterRole", "Role")) {
            assertThat(rendered.ofKind(kind)).allSatisfy(role -> {
                String name = role.at("/metadata/name").asText();
                assertThat(role.get("rules").toString())
                        .as("%s has a wildcard", name)
                        .doesNotContain("*");
                for (JsonNode rule : role.get("rules")) {
                    List<String> resources = Rendered.strings(rule.get("resources"));
                    List<String> verbs = Rendered.strings(rule.get("verbs"));
                    assertThat(verbs).as(name).doesNotContain("escalate", "bind", "impersonate", "deletecollection");
                    if (kind.equals("ClusterRole")) {
                        assertThat(resources)
                                .as("%s: Secrets only in our own namespace, and the rest never", name)
                                .doesNotContain("secrets", "serviceaccounts/token", "pods/exec", "configmaps", "nodes");
                    }
                    if (resources.contains("secrets") && !verbs.equals(List.of("create"))) {
                        assertThat(rule.has("resourceNames"))
                                .as("%s: Secrets by name", name)
                                .isTrue();
                    }
                }
            });
        }
    }

    @Test
    @DisplayName("are bound to their own ServiceAccount and to nobody else")
    void areBound() {
        Rendered rendered = Chart.render();
        for (String kind : List.of("ClusterRoleBinding", "RoleBinding")) {
            assertThat(rendered.ofKind(kind)).isNotEmpty().allSatisfy(binding -> {
                String name = binding.at("/metadata/name").asText();
                assertThat(binding.at("/roleRef/name").asText()).isEqualTo(name);
                assertThat(binding.at("/roleRef/kind").asText()).isEqualTo(kind.replace("Binding", ""));
                assertThat(binding.get("subjects")).singleElement().satisfies(subject -> {
                    assertThat(subject.get("kind").asText()).isEqualTo("ServiceAccount");
                    assertThat(subject.get("name").asText()).isEqualTo(name);
                    assertThat(subject.get("namespace").asText()).isEqualTo(Chart.NAMESPACE);
                });
            });
        }
        for (String component : List.of("operator", "webhook")) {
            assertThat(rendered.deployment(component)
                            .at("/spec/template/spec/serviceAccountName")
                            .asText())
                    .isEqualTo(rendered.get("ServiceAccount", "gracekeeper-" + component)
                            .at("/metadata/name")
                            .asText());
        }
    }

    @Test
    @DisplayName(
            "people: view may read, admin may write policies and exceptions of a namespace, nobody may write audits, edit gains nothing")
    void people() {
        Rendered rendered = Chart.render();
        assertThat(rights(rendered, "ClusterRole", "gracekeeper-view", ""))
                .containsExactlyInAnyOrder(
                        "gracekeeper.io/gracefulshutdownpolicies get list watch",
                        "gracekeeper.io/clustergracefulshutdownpolicies get list watch",
                        "gracekeeper.io/shutdownexceptions get list watch",
                        "gracekeeper.io/rolloutaudits get list watch");
        assertThat(rights(rendered, "ClusterRole", "gracekeeper-admin", ""))
                .containsExactlyInAnyOrder(
                        "gracekeeper.io/gracefulshutdownpolicies create delete patch update",
                        "gracekeeper.io/shutdownexceptions create delete patch update");
        assertThat(rendered.yaml()).doesNotContain("aggregate-to-edit");
        assertThat(Chart.render("rbac: {aggregateToDefaultRoles: false}").yaml())
                .doesNotContain("aggregate-to");
    }

    /** One line per resource: {@code group/resource[name] verbs}, verbs sorted. */
    private static List<String> rights(Rendered rendered, String kind, String name, String namespace) {
        List<String> lines = new ArrayList<>();
        JsonNode role = rendered.ofKind(kind)
                .filter(found -> found.at("/metadata/name").asText().equals(name))
                .filter(found -> found.at("/metadata/namespace").asText("").equals(namespace))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + namespace + "/" + name));
        for (JsonNode rule : role.get("rules")) {
            String verbs = String.join(
                    " ", Rendered.strings(rule.get("verbs")).stream().sorted().toList());
            for (String group : Rendered.strings(rule.get("apiGroups"))) {
                for (String resource : Rendered.strings(rule.get("resources"))) {
                    List<String> names = rule.has("resourceNames")
                            ? Rendered.strings(rule.get("resourceNames")).stream()
                                    .map(one -> "[" + one + "]")
                                    .toList()
                            : List.of("");
                    names.forEach(one -> lines.add(group + "/" + resource + one + " " + verbs));
                }
            }
        }
        return lines;
    }
}
