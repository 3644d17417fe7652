package io.gracekeeper.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The chart")
class RenderingTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/default.yaml");
    private static final String UPDATE = "./mvnw -q -pl helm -am test -Dtest=RenderingTest -Dgolden=write"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    @DisplayName("passes helm lint --strict")
    void lints() {
        var result = Chart.helm().lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {Chart.OLDEST_KUBERNETES, Chart.NEWEST_KUBERNETES})
    @DisplayName("renders the same for the oldest and the newest Kubernetes that it supports, each object once")
    void rendersEverywhere(String kubernetes) {
        Rendered rendered = Chart.render(Chart.RELEASE, Chart.NAMESPACE, kubernetes, "{}");
        assertThat(rendered.yaml()).isEqualTo(Chart.render().yaml());
        Set<String> seen = new HashSet<>();
        for (JsonNode object : rendered.objects()) {
            String identity =
                    object.get("apiVersion").asText() + " " + object.get("kind").asText() + " "
                            + object.at("/metadata/namespace").asText() + "/"
                            + object.at("/metadata/name").asText();
            assertThat(seen.add(identity)).as("%s is there twice", identity).isTrue();
        }
    }

    @Test
    @DisplayName("refuses a Kubernetes without preStop.sleep")
    void refusesOldKubernetes() {
        assertThatThrownBy(() -> Chart.render(Chart.RELEASE, Chart.NAMESPACE, "1.29.14", "{}"))
                .hasMessageContaining("kubeVersion: >=1.30.0-0");
    }

    @Test
    @DisplayName("renders its defaults as the golden file has them")
    void rendersTheGoldenFile() throws IOException {
        String rendered = Chart.render("crds: {install: false}").yaml();
        if ("write".equals(System.getProperty("golden"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, rendered);
        }
        assertThat(rendered)
                .as("the default rendering has changed; if that was meant: %s", UPDATE)
                .isEqualTo(Files.readString(GOLDEN));
    }

    @ParameterizedTest
    @CsvSource({
        "gracekeeper, gracekeeper",
        "my-gracekeeper, my-gracekeeper",
        "shutdown, shutdown-gracekeeper",
        "a-release-name-that-is-as-long-as-helm-lets-it-be-sir, a-release-name-that-is-as-long-as-gracekeeper"
    })
    @DisplayName("names its objects after the release, and no name gets too long")
    void namesObjects(String release, String expected) {
        Rendered rendered = Chart.render(release, Chart.NAMESPACE, Chart.NEWEST_KUBERNETES, "{}");
        rendered.get("Deployment", expected + "-webhook");
        rendered.get("MutatingWebhookConfiguration", expected);
        assertThat(rendered.objects())
                .allSatisfy(object -> assertThat(object.at("/metadata/name").asText())
                        .hasSizeLessThanOrEqualTo(
                                object.get("kind").asText().equals("CustomResourceDefinition") ? 253 : 63));
    }

    @Test
    @DisplayName("brings the CRDs whole, kept on uninstall unless crds.keep is false")
    void bringsTheCrds() {
        for (String plural : List.of(
                "gracefulshutdownpolicies", "clustergracefulshutdownpolicies", "shutdownexceptions", "rolloutaudits")) {
            String name = plural + ".gracekeeper.io";
            JsonNode committed = Chart.yaml(Chart.FOLDER.resolve("files/crds/" + name + ".yaml"));
            JsonNode kept = Chart.render().get("CustomResourceDefinition", name);
            assertThat(kept.at("/metadata/annotations/helm.sh~1resource-policy").asText())
                    .isEqualTo("keep");
            assertThat(kept.get("spec").equals(RenderingTest::compare, committed.get("spec")))
                    .as("%s is rendered as it was generated", name)
                    .isTrue();
            JsonNode notKept = Chart.render("crds: {keep: false}").get("CustomResourceDefinition", name);
            assertThat(notKept.at("/metadata/annotations/helm.sh~1resource-policy")
                            .isMissingNode())
                    .isTrue();
        }
        assertThat(Chart.render("crds: {install: false}").ofKind("CustomResourceDefinition"))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "has no hook, no finalizer and no caBundle: an uninstall with dead pods removes the webhooks, an upgrade keeps the bundle")
    void canAlwaysBeRemoved() {
        assertThat(Chart.render("crds: {install: false}").yaml())
                .doesNotContain("helm.sh/hook")
                .doesNotContain("finalizers")
                .doesNotContain("caBundle:");
    }

    /** Helm writes 3600 where the generator wrote 3600.0. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return Double.compare(one.doubleValue(), other.doubleValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
