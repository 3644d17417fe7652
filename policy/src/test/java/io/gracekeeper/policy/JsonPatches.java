package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;

/** RFC 6902 as the API server applies it, strict: a missing parent, or a missing member to replace or remove, is an error. */
public final class JsonPatches {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonPatches() {}

    /** The patched copy of an object. */
    public static JsonNode apply(JsonNode object, List<PatchOperation> patch) {
        JsonNode copy = object.deepCopy();
        for (PatchOperation operation : patch) {
            apply(copy, operation);
        }
        return reparsed(copy);
    }

    /** As it would come over the wire: an int is an int again, and equal to one that was parsed. */
    private static JsonNode reparsed(JsonNode node) {
        try {
            return JSON.readTree(node.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void apply(JsonNode root, PatchOperation operation) {
        int slash = operation.path().lastIndexOf('/');
        JsonNode parent = root.at(operation.path().substring(0, slash));
        String member = operation.path().substring(slash + 1).replace("~1", "/").replace("~0", "~");
        if (parent instanceof ArrayNode) {
            throw new IllegalStateException("no operation of ours adds or removes list items: " + operation);
        }
        if (!(parent instanceof ObjectNode object)) {
            throw new IllegalStateException("no parent: " + operation);
        }
        if (operation.op() != PatchOperation.Op.ADD && !object.has(member)) {
            throw new IllegalStateException("nothing there: " + operation);
        }
        if (operation.op() == PatchOperation.Op.REMOVE) {
            object.remove(member);
        } else {
            object.set(member, Objects.requireNonNull(operation.value()).deepCopy());
        }
    }
}
