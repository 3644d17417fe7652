package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;

/** What an object was before an update. Only what breaks a rule now is compared with it: most updates pass without a look at it. */
public interface OldObject {
    /** All that there is to read. The same one each time. */
    JsonNode tree();

    /**
     * Whether an update leaves the pod template alone.
     *
     * @param object what it is to be
     * @param kind of both
     */
    default boolean hasTemplateOf(JsonNode object, WorkloadKind kind) {
        return WorkloadReader.templateNode(tree(), kind).equals(WorkloadReader.templateNode(object, kind));
    }

    /** One that has been read already. */
    static OldObject of(JsonNode tree) {
        return () -> tree;
    }
}
