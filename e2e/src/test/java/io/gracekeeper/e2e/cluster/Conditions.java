package io.gracekeeper.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/** Reads {@code status.conditions}. */
final class Conditions {
    private Conditions() {}

    /** True, False or Unknown; empty where the object has no such condition. */
    static String status(JsonNode object, String type) {
        return find(object, type).path("status").asText();
    }

    /** The condition of a type; a missing node where there is none. */
    static JsonNode find(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(object.path("no such condition"));
    }
}
