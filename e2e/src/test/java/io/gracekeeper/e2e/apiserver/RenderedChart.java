package io.gracekeeper.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.gracekeeper.e2e.machine.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the chart makes of its values, as release gracekeeper in namespace {@value #NAMESPACE}.
 *
 * @param objects in the order of the templates
 */
record RenderedChart(List<ObjectNode> objects) {
    static final String NAMESPACE = "gracekeeper-system";

    private static final YAMLMapper YAML = new YAMLMapper();

    /** With its default values. */
    static RenderedChart render(String kubernetesVersion) {
        return render(kubernetesVersion, "{}");
    }

    /** With these values laid over the default ones, as YAML. */
    static RenderedChart render(String kubernetesVersion, String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return parse(new Helm(Checkout.chart())
                        .template()
                        .withName("gracekeeper")
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(kubernetesVersion)
                        .withValuesFile(file)
                        .call());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RenderedChart parse(String text) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return new RenderedChart(documents.readAll().stream()
                    .filter(ObjectNode.class::isInstance)
                    .map(ObjectNode.class::cast)
                    .toList());
        }
    }

    /** Copies of the objects of a kind. */
    List<ObjectNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .map(ObjectNode::deepCopy)
                .toList();
    }

    /** Copies of the objects of these kinds. */
    List<ObjectNode> ofKinds(String... kinds) {
        return Stream.of(kinds).flatMap(kind -> ofKind(kind).stream()).toList();
    }

    /** The objects of these kinds, as kubectl reads them. */
    String yaml(String... kinds) {
        return yaml(ofKinds(kinds));
    }

    /** What a Deployment of the chart gives its process, without our prefix; what only a pod has is left out. */
    Map<String, String> configuration(String deployment) {
        Map<String, String> values = new TreeMap<>();
        for (ObjectNode each : ofKind("Deployment")) {
            if (each.at("/metadata/name").asText().equals(deployment)) {
                each.at("/spec/template/spec/containers/0/env").forEach(variable -> {
                    if (variable.has("value")) {
                        values.put(
                                variable.path("name").asText().replaceFirst("^GRACEKEEPER_", ""),
                                variable.path("value").asText());
                    }
                });
            }
        }
        return values;
    }

    static String yaml(List<ObjectNode> objects) {
        // JSON is YAML.
        return objects.stream().map(JsonNode::toString).collect(Collectors.joining("\n---\n"));
    }

    /** YAML as JSON. */
    static String json(String yaml) {
        try {
            return YAML.readTree(yaml).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the webhooks of a configuration select nothing, so that what one test installs doesn't meet the others. */
    static void aboutNothing(ObjectNode configuration) {
        configuration
                .path("webhooks")
                .forEach(hook -> ((ObjectNode) hook)
                        .withObject("/namespaceSelector")
                        .withArray("matchExpressions")
                        .addObject()
                        .put("key", "nobody-has-this-label")
                        .put("operator", "Exists"));
    }
}
