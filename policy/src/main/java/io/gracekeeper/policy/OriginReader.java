package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out who made an object. */
public final class OriginReader {
    private final WorkloadKinds kinds;
    private final Owners owners;

    /** What is known of the owners of what is in the cluster, from memory. */
    @FunctionalInterface
    public interface Owners {
        /** Nothing is known of anything. */
        Owners UNKNOWN = (namespace, kind, name) -> new Owner.Unknown();

        /** Who controls an object. */
        Owner ownerOf(String namespace, WorkloadKind kind, String name);
    }

    /** Who controls an object. */
    public sealed interface Owner {
        /** A workload of that kind does. */
        record Kind(WorkloadKind kind) implements Owner {}

        /** Nobody does. */
        record Nobody() implements Owner {}

        /** The object is not known, or not yet. */
        record Unknown() implements Owner {}
    }

    /** A reader. */
    public OriginReader(WorkloadKinds kinds, Owners owners) {
        this.kinds = kinds;
        this.owners = owners;
    }

    /**
     * Of an object that a user asks to create: what its controller says, if the user is that controller.
     *
     * @param username as in the review's {@code userInfo}
     */
    public Origin ofRequest(JsonNode object, String namespace, String username) {
        JsonNode reference = controller(object);
        WorkloadKind maker = kind(reference, kinds);
        return maker == null || !maker.controllers().contains(username)
                ? Origin.NONE
                : origin(maker, namespace, reference.path("name").asText(""));
    }

    /** Of an object that is in the cluster already, by its ownerReferences. */
    public Origin ofStored(JsonNode object, String namespace) {
        JsonNode reference = controller(object);
        WorkloadKind maker = kind(reference, kinds);
        return maker == null
                ? Origin.NONE
                : origin(maker, namespace, reference.path("name").asText(""));
    }

    /** Chains are two long at most: pod, ReplicaSet, Deployment; pod, Job, CronJob. Nothing of Kubernetes' is above the rest. */
    private Origin origin(WorkloadKind maker, String namespace, String name) {
        boolean mayHaveMaker = maker.kind().equals("ReplicaSet") || maker.kind().equals("Job");
        if (!mayHaveMaker) {
            return new Origin(List.of(maker), true);
        }
        return switch (owners.ownerOf(namespace, maker, name)) {
            case Owner.Kind(WorkloadKind above) -> new Origin(List.of(maker, above), true);
            case Owner.Nobody() -> new Origin(List.of(maker), true);
            case Owner.Unknown() -> new Origin(List.of(maker), false);
        };
    }

    /** Who controls an object of the cluster, by its own ownerReferences: what is above is not looked for. */
    public static Owner controllerOf(JsonNode object, WorkloadKinds kinds) {
        WorkloadKind kind = kind(controller(object), kinds);
        return kind == null ? new Owner.Nobody() : new Owner.Kind(kind);
    }

    private static @Nullable WorkloadKind kind(JsonNode reference, WorkloadKinds kinds) {
        return reference.isMissingNode()
                ? null
                : kinds.of(
                        reference.path("apiVersion").asText(""),
                        reference.path("kind").asText(""));
    }

    /** The owner that controls it; missing where none does. */
    private static JsonNode controller(JsonNode object) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference.path("controller").asBoolean(false)) {
                return reference;
            }
        }
        return MissingNode.getInstance();
    }
}
