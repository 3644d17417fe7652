package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a mutating review answers.
 *
 * @param patch against the raw object, in order; empty where nothing is to be done
 * @param warnings one line each, for the user who sent the object
 */
public record Mutation(List<PatchOperation> patch, List<String> warnings) {
    /** Nothing to do, nothing to say. */
    public static final Mutation NONE = new Mutation(List.of(), List.of());

    /** Copies the lists. */
    public Mutation {
        patch = List.copyOf(patch);
        warnings = List.copyOf(warnings);
    }

    /**
     * The object as the API server makes it of this patch; the one that is given stays as it is.
     *
     * @param object the one that was mutated
     */
    public JsonNode applyTo(JsonNode object) {
        JsonNode copy = object.deepCopy();
        for (PatchOperation operation : patch) {
            int slash = operation.path().lastIndexOf('/');
            String member =
                    operation.path().substring(slash + 1).replace("~1", "/").replace("~0", "~");
            if (!(copy.at(operation.path().substring(0, slash)) instanceof ObjectNode parent)) {
                throw new IllegalStateException("the patch has no place for " + operation.path());
            }
            if (operation.value() == null) {
                parent.remove(member);
            } else {
                parent.set(member, operation.value());
            }
        }
        return copy;
    }

    /** Whether the object stays as it is. */
    public boolean isEmpty() {
        return patch.isEmpty();
    }
}
