package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.gracekeeper.policy.UnparsedValue;
import io.gracekeeper.policy.WorkloadKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rules read of a workload, as JSON: its pod template without what no rule looks at, and of its metadata what tells
 * whether its author chose the grace period. Less than a kilobyte of a usual Deployment's six or more.
 */
final class ReducedWorkload {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String GRACE = "terminationGracePeriodSeconds";

    /** Annotations of others on a template can be long, and say nothing to us. */
    private static final String OUR_ANNOTATIONS = "gracekeeper.io/";

    private static final Set<String> UNREAD = UnparsedValue.FIELDS;

    private ReducedWorkload() {}

    /** The bytes to keep of an object of that kind. */
    static byte[] reduce(GenericKubernetesResource object, WorkloadKind kind) {
        ObjectNode reduced = NODES.objectNode();
        reduced.put("apiVersion", object.getApiVersion()).put("kind", object.getKind());
        ObjectNode metadata = reduced.putObject("metadata");
        metadata.put("namespace", object.getMetadata().getNamespace())
                .put("name", object.getMetadata().getName());
        ObjectNode holder = reduced;
        Object node = object.getAdditionalProperties();
        for (int i = 0; i < kind.templatePath().size(); i++) {
            String field = kind.templatePath().get(i);
            node = member(node, field);
            if (i < kind.templatePath().size() - 1) {
                holder = holder.putObject(field);
            } else {
                holder.set(field, template(node));
            }
        }
        authorship(object.getMetadata(), kind, metadata);
        try {
            return JSON.writeValueAsBytes(reduced);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree in memory refuses to be written", e);
        }
    }

    /** The object again, as far as it was kept. */
    static JsonNode read(byte[] reduced) {
        try {
            return JSON.readTree(reduced);
        } catch (IOException e) {
            throw new UncheckedIOException("what was written as JSON is none", e);
        }
    }

    private static JsonNode template(@Nullable Object template) {
        JsonNode reduced = pruned(template);
        if (reduced.path("metadata") instanceof ObjectNode metadata) {
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.properties().removeIf(entry -> !entry.getKey().startsWith(OUR_ANNOTATIONS));
            }
            metadata.retain(List.of("labels", "annotations"));
        }
        return reduced;
    }

    private static JsonNode pruned(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                ObjectNode object = NODES.objectNode();
                map.forEach((name, member) -> {
                    boolean container = member instanceof Map || member instanceof List;
                    if (member != null && !(container && UNREAD.contains(name))) {
                        object.set(String.valueOf(name), pruned(member));
                    }
                });
                yield object;
            }
            case List<?> list -> {
                ArrayNode array = NODES.arrayNode();
                list.forEach(element -> array.add(pruned(element)));
                yield array;
            }
            case null -> NODES.nullNode();
            default -> JSON.valueToTree(value);
        };
    }

    /** Who owns the grace period in managedFields, and whether the last-applied annotation has it: one path of each. */
    private static void authorship(ObjectMeta from, WorkloadKind kind, ObjectNode into) {
        String lastApplied =
                from.getAnnotations() == null ? null : from.getAnnotations().get(LAST_APPLIED);
        if (lastApplied != null) {
            ObjectNode kept = NODES.objectNode();
            JsonNode grace = templateOf(lastApplied, kind).path("spec").path(GRACE);
            if (!grace.isMissingNode()) {
                nest(kept, kind.templatePath(), "").putObject("spec").set(GRACE, grace);
            }
            into.putObject("annotations").put(LAST_APPLIED, kept.toString());
        }
        ArrayNode managers = NODES.arrayNode();
        for (ManagedFieldsEntry entry : from.getManagedFields()) {
            Object node =
                    entry.getFieldsV1() == null ? null : entry.getFieldsV1().getAdditionalProperties();
            for (String field : kind.templatePath()) {
                node = member(node, "f:" + field);
            }
            boolean owns = member(member(node, "f:spec"), "f:" + GRACE) != null;
            if (owns || "Apply".equals(entry.getOperation())) {
                ObjectNode kept = managers.addObject();
                kept.put("manager", entry.getManager()).put("operation", entry.getOperation());
                if (owns) {
                    nest(kept.putObject("fieldsV1"), kind.templatePath(), "f:")
                            .putObject("f:spec")
                            .putObject("f:" + GRACE);
                }
            }
        }
        if (!managers.isEmpty()) {
            into.set("managedFields", managers);
        }
    }

    private static JsonNode templateOf(String lastApplied, WorkloadKind kind) {
        JsonNode node;
        try {
            node = JSON.readTree(lastApplied);
        } catch (JsonProcessingException e) {
            return NODES.missingNode(); // Anybody can write the annotation.
        }
        for (String field : kind.templatePath()) {
            node = node.path(field);
        }
        return node;
    }

    private static ObjectNode nest(ObjectNode node, List<String> path, String prefix) {
        ObjectNode inner = node;
        for (String field : path) {
            inner = inner.putObject(prefix + field);
        }
        return inner;
    }

    private static @Nullable Object member(@Nullable Object node, String field) {
        return node instanceof Map<?, ?> map ? map.get(field) : null;
    }
}
