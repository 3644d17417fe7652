package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;

/** The templates that a workload's own ReplicaSets or ControllerRevisions hold, by their {@link TemplateHash}. */
@FunctionalInterface
public interface Revisions {
    /** No revision is known. */
    Revisions NONE = (object, hash) -> false;

    /** Whether a revision of that very workload has a template of that hash. */
    boolean hold(JsonNode object, long templateHash);
}
