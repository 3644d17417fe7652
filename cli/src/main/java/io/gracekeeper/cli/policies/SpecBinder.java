package io.gracekeeper.cli.policies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.gracekeeper.policy.FieldError;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the API's records from a tree, and tells every field that is of another type or unknown: the API server refuses those by
 * the schema, and a typo would otherwise turn a requirement into none without a word. By hand, since what Jackson's introspection
 * of these types costs at start is half of what a command may take, and it stops at the first error.
 */
final class SpecBinder {
    private final List<FieldError> errors = new ArrayList<>();

    /** Everything that was wrong, in the order of the types' fields. */
    List<FieldError> errors() {
        return List.copyOf(errors);
    }

    /**
     * Binds a record.
     *
     * @param node what was written
     * @param path of the node
     * @return null where nothing was written, or not even an object
     */
    <T extends Record> @Nullable T bind(JsonNode node, Class<T> type, String path) {
        return type.cast(value(node, type, path));
    }

    private @Nullable Object value(JsonNode node, Type type, String path) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == Map.class
                    ? strings(node, path)
                    : list(node, generic.getActualTypeArguments()[0], path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return record(node, plain, path);
        }
        if (plain.isEnum()) {
            return constant(node, plain, path);
        }
        if (plain == LabelSelector.class) {
            return selector(node, path);
        }
        return scalar(node, plain, path);
    }

    private @Nullable Object scalar(JsonNode node, Class<?> type, String path) {
        if (type == Integer.class) {
            return node.isInt() ? node.intValue() : wrong(node, "a whole number", path);
        }
        if (type == Boolean.class) {
            return node.isBoolean() ? node.booleanValue() : wrong(node, "true or false", path);
        }
        if (type == String.class) {
            return node.isTextual() ? node.textValue() : wrong(node, "a string", path);
        }
        throw new IllegalStateException("no field of the API is a " + type);
    }

    private @Nullable Object wrong(JsonNode node, String wanted, String path) {
        String written = node.toString();
        String shown = written.length() > 40 ? written.substring(0, 37) + "..." : written;
        String hint = node.getNodeType() == JsonNodeType.BOOLEAN && wanted.startsWith("a string")
                ? " (YAML reads yes, no, on and off as true and false: put it in quotes)"
                : "";
        errors.add(new FieldError(path, shown + " is not " + wanted + hint));
        return null;
    }

    private @Nullable Object constant(JsonNode node, Class<?> type, String path) {
        List<String> known = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            String word = word((Enum<?>) constant);
            if (node.isTextual() && node.textValue().equals(word)) {
                return constant;
            }
            known.add(word);
        }
        return wrong(node, "one of " + String.join(", ", known), path);
    }

    /** NEXT_ROLLOUT is NextRollout, as in all of Kubernetes. A test holds that against Jackson's names. */
    static String word(Enum<?> constant) {
        StringBuilder word = new StringBuilder();
        for (String part : constant.name().split("_", -1)) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }

    private @Nullable Object record(JsonNode node, Class<?> type, String path) {
        if (!node.isObject()) {
            return wrong(node, "an object", path);
        }
        RecordComponent[] components = type.getRecordComponents();
        known(node, Arrays.stream(components).map(RecordComponent::getName).toList(), path);
        @Nullable Object[] values = new @Nullable Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            values[i] = value(node.path(name), components[i].getGenericType(), path + "." + name);
            types[i] = components[i].getType();
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            errors.add(new FieldError(path, String.valueOf(e.getCause())));
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the API's records have public constructors", e);
        }
    }

    private @Nullable Object list(JsonNode node, Type item, String path) {
        if (!node.isArray()) {
            return wrong(node, "a list", path);
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            Object value = value(node.get(i), item, path + "[" + i + "]");
            if (value != null) {
                list.add(value);
            } else if (node.get(i).isNull()) {
                wrong(node.get(i), "allowed in a list", path + "[" + i + "]");
            }
        }
        return list;
    }

    private @Nullable Map<String, String> strings(JsonNode node, String path) {
        if (!node.isObject()) {
            wrong(node, "an object", path);
            return null;
        }
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (scalar(member.getValue(), String.class, path + "[" + member.getKey() + "]") instanceof String text) {
                strings.put(member.getKey(), text);
            }
        }
        return strings;
    }

    private @Nullable LabelSelector selector(JsonNode node, String path) {
        if (!node.isObject()) {
            wrong(node, "an object", path);
            return null;
        }
        known(node, List.of("matchLabels", "matchExpressions"), path);
        var selector = new LabelSelector();
        JsonNode labels = node.path("matchLabels");
        if (!labels.isMissingNode() && !labels.isNull()) {
            selector.setMatchLabels(strings(labels, path + ".matchLabels"));
        }
        List<LabelSelectorRequirement> requirements = new ArrayList<>();
        JsonNode expressions = node.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            requirements.add(requirement(expressions.get(i), path + ".matchExpressions[" + i + "]"));
        }
        selector.setMatchExpressions(requirements);
        return selector;
    }

    private LabelSelectorRequirement requirement(JsonNode node, String path) {
        known(node, List.of("key", "operator", "values"), path);
        var requirement = new LabelSelectorRequirement();
        requirement.setKey((String) value(node.path("key"), String.class, path + ".key"));
        requirement.setOperator((String) value(node.path("operator"), String.class, path + ".operator"));
        List<String> values = new ArrayList<>();
        for (JsonNode each : node.path("values")) {
            if (scalar(each, String.class, path + ".values") instanceof String text) {
                values.add(text);
            }
        }
        requirement.setValues(values);
        return requirement;
    }

    private void known(JsonNode node, List<String> names, String path) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!names.contains(member.getKey())) {
                errors.add(new FieldError(
                        path + "." + member.getKey(), "is no field here; known are " + String.join(", ", names)));
            }
        }
    }
}
