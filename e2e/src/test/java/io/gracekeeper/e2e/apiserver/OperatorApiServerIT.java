package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.AWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@DisplayName("The operator")
@OnRealApiServer
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorApiServerIT {
    private ApiServer server;
    private Kubectl canary;
    private OperatorUnderTest operator;

    @BeforeAll
    void start(ApiServer server) {
        this.server = server;
        // Without the label by which the API server asks the webhook about it; it comes later.
        canary = server.cluster().newNamespace("canary");
        operator = OperatorUnderTest.start(server, canary.namespace());
    }

    @AfterAll
    void stop() {
        operator.close();
    }

    @Test
    @Order(1)
    @DisplayName("makes a CA and a serving certificate for the webhook's Service, and tells the API server to trust it")
    void certificates() throws Exception {
        await().untilAsserted(() -> assertThat(caBundles()).hasSize(6).doesNotContain(""));
        JsonNode secret = operator.home().get("secret", "gracekeeper-webhook-tls");
        assertThat(secret.path("type").asText()).isEqualTo("kubernetes.io/tls");
        X509Certificate serving = certificate(secret.at("/data/tls.crt").asText());
        X509Certificate authority = certificate(caBundles().get(0));
        serving.verify(authority.getPublicKey());
        assertThat(serving.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .contains("gracekeeper-webhook." + operator.home().namespace() + ".svc");
        assertThat(secret.path("data").has("ca.key")).isFalse();
    }

    @Test
    @Order(2)
    @DisplayName("puts the CA back where somebody has taken it out")
    void caBundleComesBack() {
        List<String> before = caBundles();
        operator.home()
                .ok(
                        "patch",
                        "mutatingwebhookconfiguration",
                        OperatorUnderTest.CONFIGURATION,
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/webhooks/0/clientConfig/caBundle\"}]");
        await().untilAsserted(() -> assertThat(caBundles()).isEqualTo(before));
    }

    @Test
    @Order(3)
    @DisplayName("counts where Deployments stand, and never calls enforced what nobody has refused")
    void status() {
        Kubectl shop = server.cluster().newNamespace("shop");
        shop.apply(deployment("unaware", UNAWARE));
        shop.apply(deployment("aware", AWARE));
        shop.apply(deployment("stubborn", "terminationGracePeriodSeconds: 5\n" + UNAWARE));
        shop.apply(demanding("validation: {actions: [Deny]}, injection: {mode: DryRun}"));
        await().untilAsserted(() -> {
            JsonNode status = shop.get("gsp", "web").path("status");
            assertThat(status.path("matched").asInt()).isEqualTo(3);
            assertThat(status.path("compliant").asInt()).isEqualTo(1);
            assertThat(status.path("fixable").asInt()).isEqualTo(1);
            assertThat(status.path("violating").asInt()).isEqualTo(1);
            assertThat(status.path("violations").findValuesAsText("workload"))
                    .isNotEmpty()
                    .allMatch("Deployment/stubborn"::equals);
            assertThat(condition(status, "Accepted")).isEqualTo("True");
            assertThat(condition(status, "Enforced")).isEqualTo("False");
        });
        shop.ok("delete", "deployment", "stubborn");
        await().untilAsserted(() -> assertThat(
                        shop.get("gsp", "web").at("/status/violating").asInt())
                .isZero());
    }

    @Test
    @Order(4)
    @DisplayName("says what is wrong with a policy that the webhook was not there to refuse")
    void invalidPolicy() {
        Kubectl unguarded = server.cluster().newNamespace("unguarded");
        unguarded.apply(Manifests.policy("{match: {selector: {matchLabels: {'not a label': x}}}}"));
        await().untilAsserted(() -> {
            JsonNode status = unguarded.get("gsp", "web").path("status");
            assertThat(condition(status, "Accepted")).isEqualTo("False");
            assertThat(status.path("conditions").toString()).contains("spec.match.selector.matchLabels");
        });
    }

    @Test
    @Order(5)
    @DisplayName("calls a policy enforced as soon as the API server refuses the canary, and not before")
    void enforced() {
        Kubectl guarded = server.webhook().namespaceWith(demanding("validation: {actions: [Deny]}"));
        server.webhook().watchOver(canary);
        await().untilAsserted(() -> assertThat(
                        condition(guarded.get("gsp", "web").path("status"), "Enforced"))
                .isEqualTo("True"));
    }

    @Test
    @Order(6)
    @DisplayName(
            "gives existing Deployments their turn one after the other, by a touch that owns nothing of the template")
    void retrofit() {
        Kubectl paced = server.webhook().namespace();
        paced.apply(deployment("one", UNAWARE));
        paced.apply(deployment("two", UNAWARE));
        awaitAvailable(paced, "one", "two");
        paced.apply(demanding("injection: {mode: Apply, existing: {mode: Paced}}"));
        await().untilAsserted(() -> assertThat(injected(paced)).hasSize(1));
        // Its new pod gets ready when the test says so, and not before.
        await().untilAsserted(() -> {
            JsonNode retrofit = paced.get("gsp", "web").at("/status/retrofit");
            assertThat(retrofit.path("rolling").asInt()).isEqualTo(1);
            assertThat(retrofit.path("pending").asInt()).isEqualTo(1);
        });
        assertThat(injected(paced)).hasSize(1).allSatisfy(touched -> {
            assertThat(touched.at("/metadata/annotations").has("gracekeeper.io/inject"))
                    .isTrue();
            assertThat(ours(touched))
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(entry.toString())
                            .contains("f:gracekeeper.io/inject")
                            .doesNotContain("f:spec"));
        });
        awaitAvailable(paced, injected(paced).get(0).at("/metadata/name").asText());
        await().untilAsserted(() -> assertThat(injected(paced)).hasSize(2));
    }

    /** What a kubelet does: calls the pods Ready, until the Deployments are available. */
    private static void awaitAvailable(Kubectl kubectl, String... names) {
        await().until(() -> {
            for (JsonNode pod : kubectl.get("pods").path("items")) {
                kubectl.run(
                        "patch",
                        "pod",
                        pod.at("/metadata/name").asText(),
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        """
                        {"status": {"phase": "Running", "conditions": [
                          {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-24T00:00:00Z"}]}}""");
            }
            return Stream.of(names)
                    .allMatch(name -> kubectl.run("rollout", "status", "deployment/" + name, "--watch=false")
                            .out()
                            .contains("successfully rolled out"));
        });
    }

    @Test
    @Order(7)
    @DisplayName("and the webhook outlive a restart of the API server, and go on with what changes afterwards")
    void apiServerRestart() {
        Kubectl before = server.webhook().namespace();
        server.cluster().killApiServer().run();
        await().until(() -> before.run("get", "--raw", "/readyz").succeeded());
        server.webhook().introduce(before, demanding("validation: {actions: [Deny]}"));
        await().untilAsserted(() -> assertThat(
                        condition(before.get("gsp", "web").path("status"), "Accepted"))
                .isEqualTo("True"));
        before.apply(deployment("aware", AWARE));
        await().untilAsserted(() -> assertThat(
                        before.get("gsp", "web").at("/status/compliant").asInt())
                .isEqualTo(1));
    }

    @Test
    @Order(8)
    @DisplayName("hands over on SIGTERM: exit code 0, and the other replica leads at once")
    void handOver() {
        await().until(() -> !operator.leader().isEmpty());
        String first = operator.leader();
        String second = operator.otherThan(first);
        assertThat(operator.replica(first).metric("gracekeeper_leader")).isEqualTo(1);
        assertThat(operator.replica(second).metric("gracekeeper_leader")).isZero();
        assertThat(operator.replica(first).terminate(Duration.ofSeconds(20))).isZero();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(operator.leader()).isEqualTo(second));
        Kubectl late = server.cluster().newNamespace("late");
        late.apply(demanding(""));
        await().untilAsserted(() -> assertThat(condition(late.get("gsp", "web").path("status"), "Accepted"))
                .isEqualTo("True"));
    }

    private List<String> caBundles() {
        return Stream.of("mutating", "validating")
                .map(kind -> operator.home().get(kind + "webhookconfiguration", OperatorUnderTest.CONFIGURATION))
                .flatMap(configuration ->
                        StreamSupport.stream(configuration.path("webhooks").spliterator(), false))
                .map(hook -> hook.at("/clientConfig/caBundle").asText())
                .toList();
    }

    private static X509Certificate certificate(String base64) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    }

    private static String condition(JsonNode status, String type) {
        return StreamSupport.stream(status.path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("status").asText())
                .findFirst()
                .orElse("");
    }

    private static List<JsonNode> injected(Kubectl kubectl) {
        return StreamSupport.stream(kubectl.get("deployments").path("items").spliterator(), false)
                .filter(deployment ->
                        deployment.at("/spec/template/metadata/annotations").has("gracekeeper.io/injected"))
                .toList();
    }

    private static List<JsonNode> ours(JsonNode object) {
        return StreamSupport.stream(object.at("/metadata/managedFields").spliterator(), false)
                .filter(entry -> entry.path("manager").asText().equals("gracekeeper"))
                .toList();
    }
}
