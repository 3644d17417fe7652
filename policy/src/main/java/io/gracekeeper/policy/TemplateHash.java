package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * A hash of a pod template that is the same for a workload and for the ReplicaSet or ControllerRevision that keeps a copy of it:
 * the order of fields, what controllers add, and what is empty play no part.
 */
public final class TemplateHash {
    private static final Set<String> ADDED_BY_CONTROLLERS = Set.of(
            "pod-template-hash",
            "rollouts-pod-template-hash",
            "controller-revision-hash",
            "creationTimestamp",
            "$patch");
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private TemplateHash() {}

    /** Of a template. */
    public static long of(JsonNode template) {
        return hash(template);
    }

    private static long hash(JsonNode raw) {
        JsonNode node = UnparsedValue.parsed(raw);
        if (node.isObject()) {
            long sum = 0; // A sum, so that the order plays no part.
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                JsonNode value = UnparsedValue.parsed(field.getValue());
                if (!ADDED_BY_CONTROLLERS.contains(field.getKey()) && !isEmpty(value)) {
                    sum += mix(text(OFFSET, field.getKey()), hash(value));
                }
            }
            return mix(OFFSET, sum);
        }
        if (node.isArray()) {
            long hash = OFFSET + 1;
            for (JsonNode element : node) {
                hash = mix(hash, hash(element));
            }
            return hash;
        }
        return text(OFFSET + (node.isTextual() ? 2 : 3), node.asText());
    }

    private static boolean isEmpty(JsonNode node) {
        return node.isNull() || (node.isContainerNode() && node.isEmpty());
    }

    private static long text(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * PRIME;
        return mixed ^ (mixed >>> 29);
    }
}
