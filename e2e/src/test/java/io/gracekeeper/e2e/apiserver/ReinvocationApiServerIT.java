package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static io.gracekeeper.e2e.apiserver.Manifests.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The API server asks in the order of the configurations' names, and asks again whoever wants it when a later one has changed something. */
@DisplayName("Where somebody else's webhook adds a sidecar after ours,")
@OnRealApiServer
class ReinvocationApiServerIT {
    private static final String NAME = "zz-sidecars";
    private static final String SERVING = "{name: proxy, image: example.test/proxy:1, ports: [{containerPort: 15001}]}";
    private static final String SLOW =
            "{name: proxy, image: example.test/proxy:1, lifecycle: {preStop: {sleep: {seconds: 40}}}}";

    private WebhookUnderTest webhook;
    private RecordingWebhook sidecars;
    private Kubectl kubectl;
    private volatile String sidecar = SERVING;

    @BeforeAll
    void start(ApiServer server) throws Exception {
        webhook = server.webhook();
        sidecars = RecordingWebhook.start(this::withSidecar);
        kubectl = webhook.namespaceWith(demanding("validation: {actions: [Deny]}, injection: {mode: Apply}"));
        kubectl.ok("label", "namespace", kubectl.namespace(), "sidecars=enabled");
        kubectl.apply("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: %s}
                webhooks:
                - name: sidecars.example.test
                  clientConfig: {url: %s, caBundle: %s}
                  namespaceSelector: {matchLabels: {sidecars: enabled}}
                  rules: [{apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE, UPDATE]}]
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Fail
                  reinvocationPolicy: IfNeeded
                """.formatted(NAME, sidecars.url(), sidecars.caBundle()));
        await("the API server asks it").until(() -> {
            kubectl.with(deployment("probe", UNAWARE), "create", "--dry-run=server")
                    .orFail();
            return !sidecars.asked().isEmpty();
        });
    }

    @BeforeEach
    void serving() {
        sidecar = SERVING;
    }

    @AfterAll
    void stop() {
        kubectl.ok("delete", "mutatingwebhookconfiguration", NAME);
        sidecars.close();
    }

    @Test
    @DisplayName("we are asked again, and one that serves gets its hook too")
    void serves() {
        kubectl.apply(deployment("serves", UNAWARE));
        JsonNode spec = spec("serves");
        assertThat(spec.path("containers").findValuesAsText("name")).contains("app", "proxy");
        for (String container : new String[] {"app", "proxy"}) {
            assertThat(container(spec, container).at("/lifecycle/preStop"))
                    .as(container)
                    .hasToString("{\"sleep\":{\"seconds\":10}}");
        }
        assertThat(spec.path("terminationGracePeriodSeconds").asInt()).isEqualTo(35);
    }

    @Test
    @DisplayName(
            "the grace that we gave before we saw it grows with its hook, and the same manifest once more changes nothing")
    void slow() {
        sidecar = SLOW;
        kubectl.apply(deployment("slow", UNAWARE));
        JsonNode spec = spec("slow");
        assertThat(spec.path("terminationGracePeriodSeconds").asInt()).isEqualTo(40 + 20 + 5);
        assertThat(container(spec, "app").at("/lifecycle/preStop/sleep/seconds").asInt())
                .isEqualTo(10);
        assertThat(container(spec, "proxy")
                        .at("/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(40);
        kubectl.apply(deployment("slow", UNAWARE));
        assertThat(kubectl.get("deployment", "slow").at("/metadata/generation").asInt())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("it goes with the injector that added it, and so does what we added for it")
    void gone() {
        sidecar = SLOW;
        kubectl.apply(deployment("gone", UNAWARE));
        sidecar = "";
        kubectl.with(deployment("gone", UNAWARE.replace("app:1", "app:2")), "replace")
                .orFail();
        JsonNode spec = spec("gone");
        assertThat(spec.path("containers")).hasSize(1);
        assertThat(spec.path("terminationGracePeriodSeconds").asInt()).isEqualTo(35);
    }

    /** As injectors do: not where it is already. */
    private String withSidecar(JsonNode deployment) {
        JsonNode containers = deployment.at("/spec/template/spec/containers");
        boolean there = containers.findValuesAsText("name").contains("proxy");
        return sidecar.isEmpty() || there
                ? ""
                : "[{\"op\": \"add\", \"path\": \"/spec/template/spec/containers/-\", \"value\": "
                        + RenderedChart.json(sidecar) + "}]";
    }

    private JsonNode spec(String name) {
        return kubectl.get("deployment", name).at("/spec/template/spec");
    }

    private static JsonNode container(JsonNode spec, String name) {
        return StreamSupport.stream(spec.path("containers").spliterator(), false)
                .filter(container -> container.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
