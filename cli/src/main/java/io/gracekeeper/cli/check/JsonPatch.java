package io.gracekeeper.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.PatchOperation;
import java.util.List;

/** Applies the engine's own patches (RFC 6902), as the API server would after the mutating webhook. */
public final class JsonPatch {
    private JsonPatch() {}

    /** A patched copy; the object itself stays as it is. */
    public static JsonNode apply(JsonNode object, List<PatchOperation> patch) {
        JsonNode copy = object.deepCopy();
        for (PatchOperation operation : patch) {
            int slash = operation.path().lastIndexOf('/');
            String member =
                    operation.path().substring(slash + 1).replace("~1", "/").replace("~0", "~");
            if (copy.at(operation.path().substring(0, slash)) instanceof ObjectNode parent) {
                if (operation.value() == null) {
                    parent.remove(member);
                } else {
                    parent.set(member, operation.value());
                }
            } else {
                throw new IllegalStateException("the engine's patch has no place for " + operation.path());
            }
        }
        return copy;
    }
}
