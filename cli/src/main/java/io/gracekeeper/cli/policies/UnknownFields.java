package io.gracekeeper.cli.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.gracekeeper.policy.FieldError;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Finds fields that the API has never heard of. The API server drops or refuses them by the schema; here a typo would turn a
 * requirement into none without a word.
 */
final class UnknownFields {
    private static final List<String> SELECTOR = List.of("matchLabels", "matchExpressions");

    private UnknownFields() {}

    /**
     * Adds one error per unknown field.
     *
     * @param node what was written
     * @param type the record, or list of records, that it is to be
     * @param path of the node
     */
    static void find(JsonNode node, Type type, String path, List<FieldError> errors) {
        if (type instanceof ParameterizedType list && node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                find(node.get(i), list.getActualTypeArguments()[0], path + "[" + i + "]", errors);
            }
        } else if (type == LabelSelector.class) {
            names(node, SELECTOR, path, errors);
        } else if (type instanceof Class<?> record && record.isRecord()) {
            RecordComponent[] components = record.getRecordComponents();
            names(node, Arrays.stream(components).map(RecordComponent::getName).toList(), path, errors);
            for (RecordComponent component : components) {
                JsonNode value = node.path(component.getName());
                find(value, component.getGenericType(), path + "." + component.getName(), errors);
            }
        }
    }

    private static void names(JsonNode node, List<String> known, String path, List<FieldError> errors) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!known.contains(member.getKey())) {
                errors.add(new FieldError(
                        path + "." + member.getKey(),
                        "is no field of this kind; known here: " + String.join(", ", known)));
            }
        }
    }
}
