package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The {@code request} of an AdmissionReview, as far as anybody here reads it.
 *
 * @param uid what the answer has to repeat
 * @param group API group of the object
 * @param version API version of the object
 * @param kind kind of the object
 * @param subResource for instance {@code scale}; empty for the object itself
 * @param operation CREATE, UPDATE, DELETE or CONNECT
 * @param namespace empty for an object without one
 * @param name empty where the API server has yet to make one up
 * @param username who asks, as the API server has authenticated it
 * @param dryRun whether nothing will be stored
 * @param object the raw object; null on DELETE
 * @param oldObject what it was before; null on CREATE
 */
record AdmissionRequest(
        String uid,
        String group,
        String version,
        String kind,
        String subResource,
        String operation,
        String namespace,
        String name,
        String username,
        boolean dryRun,
        @Nullable JsonNode object,
        @Nullable JsonNode oldObject) {

    static final String CREATE = "CREATE";
    static final String UPDATE = "UPDATE";

    /** Whether it creates or changes an object itself, and not a part of it such as {@code scale}. */
    boolean writes() {
        return object != null && subResource.isEmpty() && (operation.equals(CREATE) || operation.equals(UPDATE));
    }

    /** Whether it creates or changes an object of that kind itself: what no rule of ours is about passes untouched. */
    boolean writes(String group, String version, String kind) {
        return writes() && this.group.equals(group) && this.version.equals(version) && this.kind.equals(kind);
    }

    /** How a text names the object: by its name, or by what its name will start with. */
    String displayName() {
        if (!name.isEmpty() || object == null) {
            return name;
        }
        JsonNode metadata = object.path("metadata");
        String own = metadata.path("name").asText("");
        return own.isEmpty() ? metadata.path("generateName").asText("") : own;
    }
}
