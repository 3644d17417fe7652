package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What a template's author knows")
class AuthorFactsTest {
    private static final String DENY =
            "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20%s}, validation: {actions: [Deny]}, injection: {mode: Apply}}";
    private static final String SERVING = "{name: app, ports: [{containerPort: 1}]}";

    private static JsonNode deployment(long grace, String container, String shutdown, String drain) {
        JsonNode object =
                Yaml.deployment("terminationGracePeriodSeconds: " + grace + "\ncontainers: [" + container + "]");
        ObjectNode annotations = ((ObjectNode) object.at("/spec/template/metadata")).putObject("annotations");
        if (shutdown != null) {
            annotations.put("gracekeeper.io/shutdown-seconds", shutdown);
        }
        if (drain != null) {
            annotations.put("gracekeeper.io/drain-seconds", drain);
        }
        return object;
    }

    private static Decision decide(String max, JsonNode object) {
        return Yaml.decide(Yaml.engine(DENY.formatted(max)), object, null, "shop");
    }

    @Test
    @DisplayName("raises what is needed, and the sum says by which annotation")
    void raises() {
        assertThat(decide("", deployment(60, "{name: app}", "900", null)))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.message())
                                .contains("shutdown 900s (your gracekeeper.io/shutdown-seconds) + margin 5s = 905s"));
    }

    @Test
    @DisplayName("never lowers it")
    void neverLowers() {
        assertThat(decide("", deployment(10, "{name: app}", "1", null)))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.message()).contains("shutdown 20s + margin 5s = 25s"));
    }

    @Test
    @DisplayName("tells how long a script takes")
    void declaresAHook() {
        String script =
                "{name: app, ports: [{containerPort: 1}], lifecycle: {preStop: {exec: {command: [/drain.sh]}}}}";
        assertThat(decide("", deployment(36, script, null, "app=12")))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.message()).contains("preStop 12s (your exec \"/drain.sh\")"));
        assertThat(decide("", deployment(37, script, null, "app=12"))).isEqualTo(Decision.Allowed.QUIET);
    }

    @Test
    @DisplayName(
            "tells of a delay inside the app, which is time that it goes on serving: no hook is injected, and the sum has it")
    void delayInTheApp() {
        assertThat(decide("", deployment(37, SERVING, null, "app=12"))).isEqualTo(Decision.Allowed.QUIET);
        assertThat(decide("", deployment(36, SERVING, null, "app=12")))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.message())
                                .contains("delay in the app 12s (your gracekeeper.io/drain-seconds) + shutdown 20s"));
        assertThat(Yaml.mutate(Yaml.engine(DENY.formatted("")), deployment(60, SERVING, null, "app=12"), "shop")
                        .isEmpty())
                .isTrue();
    }

    @Test
    @DisplayName("is a violation of the ceiling where it lifts the need above the maximum")
    void aboveTheMaximum() {
        assertThat(decide(", maxTerminationGracePeriodSeconds: 120", deployment(120, "{name: app}", "900", null)))
                .isInstanceOf(Decision.Denied.class);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "15m | - | shutdown-seconds \"15m\" is ignored",
                "-1 | - | shutdown-seconds",
                "99999999999999999999 | - | shutdown-seconds",
                "- | app | drain-seconds \"app\" is ignored",
                "- | app=12,proxy=x | drain-seconds \"proxy=x\" is ignored",
                "- | =3 | drain-seconds",
            })
    @DisplayName("is ignored where it is malformed, and its author is told")
    void malformed(String shutdown, String drain, String problem) {
        Decision decision = decide("", deployment(60, "{name: app}", shutdown, drain));
        assertThat(decision).isInstanceOf(Decision.Allowed.class);
        assertThat(decision.warnings()).singleElement().asString().contains(problem);
    }

    @Test
    @DisplayName("has its good parts read beside the bad ones")
    void goodParts() {
        assertThat(AuthorFacts.of(null, "app=12, proxy=5 ,x").drainSeconds())
                .isEqualTo(Map.of("app", 12L, "proxy", 5L));
    }
}
