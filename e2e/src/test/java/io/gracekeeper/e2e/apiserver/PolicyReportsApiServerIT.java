package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.e2e.machine.RunningCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@DisplayName("PolicyReports, with policyReports.enabled in the chart,")
@OnRealApiServer
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PolicyReportsApiServerIT {
    private static final String OWNER = "gracekeeper-operator-reports";

    private RunningCluster cluster;
    private InstalledOperator operator;
    private Kubectl shop;
    private Kubectl large;

    @BeforeAll
    void start(ApiServer server) {
        cluster = server.cluster();
        shop = cluster.newNamespace("reports");
        large = cluster.newNamespace("reports-large");
        operator = InstalledOperator.start(
                cluster, RenderedChart.render(cluster.version(), "policyReports: {enabled: true}"));
    }

    @AfterAll
    void stop() {
        operator.close();
        shop.ok("delete", "crd", "policyreports.wgpolicyk8s.io", "--ignore-not-found");
    }

    @Test
    @Order(1)
    @DisplayName("stop nothing while their CRD is missing, and come within a minute when it is there")
    void withoutCrd() throws IOException {
        shop.apply(deployment("cart", UNAWARE));
        shop.apply(deployment("good", AWARE));
        shop.apply(demanding("validation: {actions: [Deny]}"));
        await().untilAsserted(() ->
                assertThat(shop.get("gsp", "web").at("/status/matched").asInt()).isEqualTo(2));
        try (var crd = getClass().getResourceAsStream("/crds/policyreports.yaml")) {
            shop.apply(new String(Objects.requireNonNull(crd).readAllBytes(), StandardCharsets.UTF_8));
        }
        shop.ok("wait", "--for=condition=Established", "crd/policyreports.wgpolicyk8s.io");
        await().atMost(Duration.ofSeconds(90)).until(() -> reports(shop).size() == 1);
    }

    @Test
    @Order(2)
    @DisplayName("are one per namespace: who breaks which rule of which policy, in the words of every other door")
    void says() {
        JsonNode report = report(shop);
        assertThat(report.path("summary")).hasToString("{\"error\":0,\"fail\":2,\"pass\":1,\"skip\":0,\"warn\":0}");
        assertThat(report.path("results")).hasSize(2).allSatisfy(result -> {
            assertThat(result.path("source").asText()).isEqualTo("gracekeeper");
            assertThat(result.path("policy").asText()).isEqualTo("gsp/web");
            assertThat(result.path("result").asText()).isEqualTo("fail");
            assertThat(result.path("scored").asBoolean()).isTrue();
            assertThat(result.at("/resources/0/kind").asText()).isEqualTo("Deployment");
            assertThat(result.at("/resources/0/name").asText()).isEqualTo("cart");
            assertThat(result.at("/resources/0/uid").asText())
                    .isEqualTo(
                            shop.get("deployment", "cart").at("/metadata/uid").asText());
        });
        assertThat(report.path("results").findValuesAsText("rule")).containsExactly("BudgetFits", "DrainDelay");
        assertThat(report.at("/results/0/message").asText()).startsWith("30s is too short: container \"app\" needs");
        assertThat(shop.ok("get", "polr")).contains("gracekeeper");
    }

    @Test
    @Order(3)
    @DisplayName("are not written again by the next leader, who finds in them what it would write")
    void restart() {
        String version = version(shop);
        operator.restart();
        shop.apply(deployment("late", AWARE));
        await("the next leader writes")
                .until(() -> report(shop).at("/summary/pass").asInt() == 2);
        String next = version(shop);
        assertThat(next).isNotEqualTo(version);
        operator.restart();
        large.apply(deployment("first", AWARE));
        large.apply(demanding("validation: {actions: [Warn]}"));
        await("the leader after it has been through all namespaces")
                .until(() -> reports(large).size() == 1);
        assertThat(version(shop)).isEqualTo(next);
    }

    @Test
    @Order(4)
    @DisplayName("follow what is mended, forgiven and warned of")
    void follows() {
        shop.apply(demanding("validation: {actions: [Warn]}"));
        await().untilAsserted(() -> assertThat(report(shop).path("summary"))
                .hasToString("{\"error\":0,\"fail\":0,\"pass\":2,\"skip\":0,\"warn\":2}"));
        shop.apply("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: ShutdownException
                metadata: {name: vendor}
                spec:
                  target: {kind: Deployment, names: [cart]}
                  rules: [BudgetFits]
                  reason: OPS-9 vendor image
                  expiresAt: "%s"
                """.formatted(Manifests.inDays(90)));
        await().untilAsserted(() -> assertThat(report(shop).path("summary"))
                .hasToString("{\"error\":0,\"fail\":0,\"pass\":2,\"skip\":1,\"warn\":1}"));
        shop.apply(deployment("cart", AWARE));
        await().untilAsserted(() -> {
            assertThat(report(shop).path("summary"))
                    .hasToString("{\"error\":0,\"fail\":0,\"pass\":3,\"skip\":0,\"warn\":0}");
            assertThat(report(shop).path("results")).isEmpty();
        });
    }

    @Test
    @Order(5)
    @DisplayName("come back by themselves, as they were, when somebody deletes or edits one")
    void comesBack() {
        JsonNode before = report(shop);
        shop.ok("delete", "policyreport", "gracekeeper");
        await().untilAsserted(() -> {
            assertThat(reports(shop)).hasSize(1);
            assertThat(report(shop).path("summary")).isEqualTo(before.path("summary"));
            assertThat(report(shop).at("/metadata/uid")).isNotEqualTo(before.at("/metadata/uid"));
        });
        shop.ok("patch", "policyreport", "gracekeeper", "--type=merge", "-p", "{\"summary\": {\"pass\": 99}}");
        await().untilAsserted(() -> assertThat(report(shop).path("summary")).isEqualTo(before.path("summary")));
    }

    @Test
    @Order(6)
    @DisplayName("list 500 results and count all, saying how many are left out")
    void bounded() {
        String many = IntStream.range(0, 260)
                .mapToObj(i -> deployment("bad-" + i, UNAWARE).replace("replicas: 1", "replicas: 0"))
                .collect(Collectors.joining("---\n"));
        large.with(many, "create").orFail();
        await().untilAsserted(() ->
                assertThat(report(large).at("/summary/warn").asInt()).isEqualTo(520));
        assertThat(report(large).path("results")).hasSize(500);
        assertThat(report(large)
                        .path("metadata")
                        .path("annotations")
                        .path("gracekeeper.io/results-left-out")
                        .asText())
                .isEqualTo("20");
    }

    @Test
    @Order(7)
    @DisplayName("go with the last policy of their namespace, and with the namespace, without holding up others")
    void removed() {
        large.ok("delete", "gsp", "web");
        await().until(() -> reports(large).isEmpty());
        large.ok("delete", "namespace", large.namespace(), "--wait=false");
        shop.ok("delete", "deployment", "late");
        await().until(() -> report(shop).at("/summary/pass").asInt() == 2);
    }

    @Test
    @Order(8)
    @DisplayName("are removed by Kubernetes when the value is off again: they belong to the right to write them")
    void switchedOff() {
        assertThat(report(shop).at("/metadata/ownerReferences"))
                .singleElement()
                .satisfies(owner -> assertThat(owner.path("name").asText()).isEqualTo(OWNER));
        assertThat(RenderedChart.render(cluster.version()).yaml("ClusterRole")).doesNotContain(OWNER);
        operator.close();
        assertThat(shop.run("get", "clusterrole", OWNER).succeeded()).isFalse();
        await().atMost(Duration.ofMinutes(2)).until(() -> reports(shop).isEmpty());
    }

    private static JsonNode reports(Kubectl kubectl) {
        return kubectl.get("policyreports").path("items");
    }

    private static JsonNode report(Kubectl kubectl) {
        return kubectl.get("policyreport", "gracekeeper");
    }

    private static String version(Kubectl kubectl) {
        return report(kubectl).at("/metadata/resourceVersion").asText();
    }
}
