package io.gracekeeper.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects of one rendering. */
record Rendered(String yaml, List<JsonNode> objects) {
    private static final YAMLMapper YAML = new YAMLMapper();

    Rendered(String yaml) {
        this(yaml, parse(yaml));
    }

    private static List<JsonNode> parse(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<JsonNode> ofKind(String kind) {
        return objects.stream().filter(object -> object.get("kind").asText().equals(kind));
    }

    /** The one object of that kind and name. */
    JsonNode get(String kind, String name) {
        List<JsonNode> found = ofKind(kind)
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + kind + " " + name + " in\n" + yaml);
        }
        return found.getFirst();
    }

    JsonNode deployment(String component) {
        return get("Deployment", Chart.RELEASE + "-" + component);
    }

    static JsonNode container(JsonNode deployment) {
        return deployment.at("/spec/template/spec/containers/0");
    }

    static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
