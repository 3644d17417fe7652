package io.gracekeeper.policy;

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

    /** Whether the object stays as it is. */
    public boolean isEmpty() {
        return patch.isEmpty();
    }
}
