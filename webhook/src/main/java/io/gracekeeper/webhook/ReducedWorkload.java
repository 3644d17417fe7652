package io.gracekeeper.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.gracekeeper.policy.UnparsedValue;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadReducer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rules read of a workload, as JSON: its pod template without what no rule looks at, and of its metadata what tells
 * whether its author chose the grace period. Less than a kilobyte of a usual Deployment's six or more.
 */
final class ReducedWorkload {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Annotations of others on a template can be long, and say nothing to us. */
    private static final String OUR_ANNOTATIONS = "gracekeeper.io/";

    private ReducedWorkload() {}

    /** The bytes to keep of an object of that kind. */
    static byte[] reduce(GenericKubernetesResource object, WorkloadKind kind) {
        ObjectNode reduced = JSON.valueToTree(object);
        WorkloadReducer.reduce(reduced, kind);
        List<String> kept = new ArrayList<>(List.of("apiVersion", "kind", "metadata"));
        JsonNode holder = reduced;
        for (String field : kind.templatePath()) {
            kept.add(field);
            retain(holder, kept);
            kept.clear();
            holder = holder.path(field);
        }
        JsonNode metadata = reduced.path("metadata");
        retain(metadata, List.of("namespace", "name", "annotations", "managedFields"));
        retain(metadata.path("annotations"), List.of(UnparsedValue.LAST_APPLIED));
        JsonNode ofTemplate = holder.path("metadata");
        retain(ofTemplate, List.of("labels", "annotations"));
        if (ofTemplate.path("annotations") instanceof ObjectNode annotations) {
            annotations.properties().removeIf(entry -> !entry.getKey().startsWith(OUR_ANNOTATIONS));
        }
        try {
            return JSON.writeValueAsBytes(reduced);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree in memory refuses to be written", e);
        }
    }

    private static void retain(JsonNode node, List<String> fields) {
        if (node instanceof ObjectNode object) {
            object.retain(fields);
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
}
