package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Takes out of a workload what no rule reads, for whoever keeps many in memory. What it leaves is judged like the whole; the corpus
 * in {@code testdata/cases} holds it to that.
 */
public final class WorkloadReducer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GRACE = "terminationGracePeriodSeconds";
    private static final List<String> METADATA =
            List.of("resourceVersion", "generation", "creationTimestamp", "selfLink");

    private WorkloadReducer() {}

    /** Reduces a workload in place. */
    public static void reduce(ObjectNode object, WorkloadKind kind) {
        object.remove("status");
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(METADATA);
            managedFields(metadata, kind);
            lastApplied(metadata, kind);
        }
        prune(WorkloadReader.templateNode(object, kind).path("spec"));
    }

    /** What may stay bytes in a review ({@link UnparsedValue}) need not be kept at all. */
    private static void prune(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.get(UnparsedValue.READINESS_PROBE) instanceof ObjectNode probe) {
                probe.removeAll();
            }
            object.properties()
                    .removeIf(field -> field.getValue() instanceof ContainerNode<?>
                            && UnparsedValue.FIELDS.contains(field.getKey())
                            && !field.getKey().equals(UnparsedValue.READINESS_PROBE));
        }
        node.forEach(WorkloadReducer::prune);
    }

    /** Who owns the grace period tells whether its author wrote it; who owns the rest tells nothing. */
    private static void managedFields(ObjectNode metadata, WorkloadKind kind) {
        JsonNode entries = metadata.remove("managedFields");
        if (!(entries instanceof ArrayNode array)) {
            return;
        }
        ArrayNode kept = metadata.putArray("managedFields");
        for (JsonNode entry : array) {
            JsonNode owned = entry.path("fieldsV1");
            for (String field : kind.templatePath()) {
                owned = owned.path("f:" + field);
            }
            boolean owns = owned.path("f:spec").path("f:" + GRACE).isObject();
            boolean apply = entry.path("operation").asText("").equals("Apply");
            if (owns || apply) {
                ObjectNode less = kept.addObject();
                less.set("manager", entry.path("manager"));
                less.set("operation", entry.path("operation"));
                ObjectNode fields = less.putObject("fieldsV1");
                if (owns) {
                    nest(fields, kind, "f:").putObject("f:spec").putObject("f:" + GRACE);
                }
            }
        }
    }

    private static void lastApplied(ObjectNode metadata, WorkloadKind kind) {
        if (!(metadata.get("annotations") instanceof ObjectNode annotations)
                || !annotations.path(UnparsedValue.LAST_APPLIED).isTextual()) {
            return;
        }
        try {
            JsonNode template =
                    JSON.readTree(annotations.path(UnparsedValue.LAST_APPLIED).textValue());
            for (String field : kind.templatePath()) {
                template = template.path(field);
            }
            JsonNode grace = template.path("spec").path(GRACE);
            ObjectNode less = JsonNodeFactory.instance.objectNode();
            if (!grace.isMissingNode()) {
                nest(less, kind, "").putObject("spec").set(GRACE, grace);
            }
            annotations.put(UnparsedValue.LAST_APPLIED, less.toString());
        } catch (JsonProcessingException notOurs) {
            // Left as it is: the engine knows what to make of it.
        }
    }

    private static ObjectNode nest(ObjectNode root, WorkloadKind kind, String prefix) {
        ObjectNode node = root;
        for (String field : kind.templatePath()) {
            node = node.putObject(prefix + field);
        }
        return node;
    }
}
