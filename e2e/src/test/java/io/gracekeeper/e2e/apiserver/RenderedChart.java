package io.gracekeeper.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import io.gracekeeper.e2e.machine.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the chart makes of its default values.
 *
 * @param objects in the order of the templates
 */
record RenderedChart(List<ObjectNode> objects) {
    private static final YAMLMapper YAML = new YAMLMapper();

    static RenderedChart render(String kubernetesVersion) {
        String text = new Helm(Checkout.chart())
                .template()
                .withName("gracekeeper")
                .withNamespace("gracekeeper-system")
                .withKubeVersion(kubernetesVersion)
                .call();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return new RenderedChart(documents.readAll().stream()
                    .filter(ObjectNode.class::isInstance)
                    .map(ObjectNode.class::cast)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies of the objects of a kind. */
    List<ObjectNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .map(ObjectNode::deepCopy)
                .toList();
    }

    /** The objects of a kind, as kubectl reads them. */
    String yaml(String kind) {
        return yaml(ofKind(kind));
    }

    static String yaml(List<ObjectNode> objects) {
        // JSON is YAML.
        return objects.stream().map(JsonNode::toString).collect(Collectors.joining("\n---\n"));
    }
}
