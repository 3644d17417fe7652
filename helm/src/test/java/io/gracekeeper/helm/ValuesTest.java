package io.gracekeeper.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The values of the chart")
class ValuesTest {
    private static final String MONITOR = "serviceMonitor: {enabled: true}";
    private static final String POLICY = "networkPolicy: {enabled: true}";

    /** Every value of values.yaml, with another one that is legal. */
    private static final Map<String, String> OTHERS = others();

    private static Map<String, String> others() {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("image.repository", "registry.example/gracekeeper");
        others.put("image.tag", "0.2.0");
        others.put("image.digest", "sha256:" + "a".repeat(64));
        others.put("image.pullPolicy", "Never");
        others.put("imagePullSecrets", "[{name: registry}]");
        others.put("crds.install", "false");
        others.put("crds.keep", "false");
        others.put("operator.replicas", "3");
        others.put("operator.shutdownSeconds", "20");
        others.put("operator.resources.requests.cpu", "1");
        others.put("operator.resources.requests.memory", "1Gi");
        others.put("operator.resources.limits.memory", "2Gi");
        others.put("webhook.replicas", "1");
        others.put("webhook.failurePolicy", "Fail");
        others.put("webhook.pods", "Bare");
        others.put("webhook.timeoutSeconds", "5");
        others.put("webhook.excludedNamespaces", "[sandbox]");
        others.put("webhook.drainSeconds", "10");
        others.put("webhook.lingerSeconds", "0");
        others.put("webhook.shutdownSeconds", "20");
        others.put("webhook.resources.requests.cpu", "500m");
        others.put("webhook.resources.requests.memory", "1Gi");
        others.put("webhook.resources.limits.memory", "2Gi");
        others.put(
                "workloadKinds",
                "[{group: a.io, version: v1, kind: A, resource: as, templatePath: spec.template, controllers: [a]}]");
        others.put("maxTerminationGracePeriodSeconds", "600");
        others.put("retrofit.maxConcurrent", "3");
        others.put("canary.namespace", "canary");
        others.put("policyReports.enabled", "true");
        others.put("rbac.aggregateToDefaultRoles", "false");
        others.put("logLevel", "debug");
        others.put("logFormat", "text");
        others.put("priorityClassName", "system-cluster-critical");
        others.put("nodeSelector", "{kubernetes.io/os: linux}");
        others.put("tolerations", "[{key: a, operator: Exists, effect: NoSchedule}]");
        others.put(
                "affinity",
                "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}");
        others.put("podAnnotations", "{a: b}");
        others.put("podLabels", "{a: b}");
        others.put("serviceMonitor.enabled", "true");
        others.put("serviceMonitor.interval", "15s");
        others.put("serviceMonitor.labels", "{release: prometheus}");
        others.put("networkPolicy.enabled", "true");
        others.put("networkPolicy.apiServerPorts", "[8443]");
        return others;
    }

    @Test
    @DisplayName("are all known to this test")
    void areAllKnown() {
        assertThat(OTHERS.keySet())
                .containsExactlyInAnyOrderElementsOf(leaves(Chart.values()).keySet());
    }

    @Test
    @DisplayName("each change what is rendered")
    void eachChangeTheRendering() {
        OTHERS.forEach((key, value) -> {
            String context =
                    key.startsWith("serviceMonitor.") ? MONITOR : key.startsWith("networkPolicy.") ? POLICY : "{}";
            String base = key.endsWith(".enabled") ? "{}" : context;
            assertThat(Chart.render(with(base, key, value)).yaml())
                    .as("%s: %s changes nothing", key, value)
                    .isNotEqualTo(Chart.render(base).yaml());
        });
    }

    @Test
    @DisplayName("are all in the README's table, with their defaults")
    void areAllDocumented() throws IOException {
        String readme = Files.readString(Chart.FOLDER.resolve("README.md"));
        leaves(Chart.values())
                .forEach((key, value) -> assertThat(readme).contains("| `" + key + "` | `" + value + "` | "));
        assertThat(readme.lines().filter(line -> line.startsWith("| `")).count())
                .isEqualTo(OTHERS.size());
    }

    @Test
    @DisplayName("have a schema that is closed at every level and explains each key")
    void haveAClosedSchema() {
        List<JsonNode> open = new ArrayList<>();
        JsonNode schema = Chart.yaml(Chart.FOLDER.resolve("values.schema.json"));
        objects(schema).forEach(node -> {
            if (node.has("properties") && node.path("additionalProperties").asBoolean(true)) {
                open.add(node);
            }
            node.path("properties")
                    .forEach(property -> assertThat(property.has("description") || property.has("$ref"))
                            .as("a description for %s", property)
                            .isTrue());
        });
        assertThat(open).isEmpty();
        assertThat(Chart.render().objects()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas                             | 3          | additional properties 'replicas' not allowed",
                "webhook.failurepolicy                | Fail       | additional properties 'failurepolicy' not allowed",
                "webhook.resources.limit              | {}         | additional properties 'limit' not allowed",
                "image.name                           | x          | additional properties 'name' not allowed",
                "webhook.failurePolicy                | Sometimes  | at '/webhook/failurePolicy': value must be one of 'Ignore', 'Fail'",
                "webhook.timeoutSeconds               | 0          | at '/webhook/timeoutSeconds': minimum",
                "webhook.timeoutSeconds               | 31         | at '/webhook/timeoutSeconds': maximum",
                "webhook.timeoutSeconds               | 3s         | at '/webhook/timeoutSeconds': got string, want integer",
                "webhook.replicas                     | 0          | at '/webhook/replicas': minimum",
                "operator.replicas                    | -1         | at '/operator/replicas': minimum",
                "operator.shutdownSeconds             | 0          | at '/operator/shutdownSeconds': minimum",
                "webhook.drainSeconds                 | 601        | at '/webhook/drainSeconds': maximum",
                "webhook.excludedNamespaces           | [Shop]     | at '/webhook/excludedNamespaces/0'",
                "webhook.pods                         | None       | at '/webhook/pods': value must be one of 'All', 'Bare'",
                "workloadKinds                        | [{}]       | at '/workloadKinds/0': missing properties",
                "workloadKinds                        | [{group: apps}] | at '/workloadKinds/0/group'",
                "workloadKinds                        | [{templatePath: /spec}] | at '/workloadKinds/0/templatePath'",
                "workloadKinds                        | [{controllers: []}] | at '/workloadKinds/0/controllers': minItems",
                "maxTerminationGracePeriodSeconds     | 86401      | at '/maxTerminationGracePeriodSeconds': maximum",
                "retrofit.maxConcurrent               | 0          | at '/retrofit/maxConcurrent': minimum",
                "image.tag                            | 'a b'      | at '/image/tag'",
                "image.digest                         | sha256:1   | at '/image/digest'",
                "image.pullPolicy                     | always     | at '/image/pullPolicy'",
                "logLevel                             | verbose    | at '/logLevel'",
                "logFormat                            | xml        | at '/logFormat'",
                "canary.namespace                     | -x         | at '/canary/namespace'",
                "crds.install                         | perhaps    | at '/crds/install': got string, want boolean",
                "webhook.resources.limits.memory      | lots       | at '/webhook/resources/limits/memory'",
                "networkPolicy.apiServerPorts         | []         | at '/networkPolicy/apiServerPorts': minItems",
                "networkPolicy.apiServerPorts         | [70000]    | at '/networkPolicy/apiServerPorts/0': maximum",
                "imagePullSecrets                     | [registry] | at '/imagePullSecrets/0'",
                "podAnnotations                       | {a: 1}     | at '/podAnnotations/a': got number, want string",
                "serviceMonitor.interval              | often      | at '/serviceMonitor/interval'",
            })
    @DisplayName("are refused by name where they are unknown or out of bounds")
    void areRefused(String key, String value, String message) {
        assertThatThrownBy(() -> Chart.render(with("{}", key, value))).hasMessageContaining(message);
    }

    /** YAML with one more value; a later key of the same name is merged by hand, since YAML forbids two. */
    private static String with(String base, String key, String value) {
        String[] path = key.split("\\.", -1);
        if (base.startsWith(path[0] + ": {enabled: true}")) {
            return path[0] + ": {enabled: true, " + path[1] + ": " + value + "}";
        }
        StringBuilder yaml = new StringBuilder();
        for (int depth = 0; depth < path.length; depth++) {
            yaml.append("  ".repeat(depth))
                    .append(path[depth])
                    .append(depth < path.length - 1 ? ":\n" : ": " + value + "\n");
        }
        return yaml.toString();
    }

    /** Path of each leaf of values.yaml (a list or an empty map is one), with its value as JSON. */
    private static Map<String, String> leaves(JsonNode values) {
        Map<String, String> found = new TreeMap<>();
        collect("", values, found);
        return found;
    }

    private static void collect(String path, JsonNode value, Map<String, String> found) {
        if (value.isObject() && !value.isEmpty()) {
            value.fields()
                    .forEachRemaining(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), found));
        } else {
            found.put(path, value.toString());
        }
    }

    private static Stream<JsonNode> objects(JsonNode node) {
        return Stream.concat(
                node.isObject() ? Stream.of(node) : Stream.empty(),
                Rendered.stream(node).flatMap(ValuesTest::objects));
    }
}
