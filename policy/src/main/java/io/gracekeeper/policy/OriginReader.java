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
        /** A workload does. */
        record Made(Maker by) implements Owner {}

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
        Maker maker = maker(object, kinds);
        return maker == null || !maker.kind().controllers().contains(username) ? Origin.NONE : origin(maker, namespace);
    }

    /** Of an object that is in the cluster already, by its ownerReferences. */
    public Origin ofStored(JsonNode object, String namespace) {
        Maker maker = maker(object, kinds);
        return maker == null ? Origin.NONE : origin(maker, namespace);
    }

    /**
     * Chains are two long at most: pod, ReplicaSet, Deployment; pod, Job, CronJob. Nothing of Kubernetes' is above the rest, and who
     * says so all the same has forged it: a ReplicaSet of a StatefulSet.
     */
    private Origin origin(Maker maker, String namespace) {
        boolean mayHaveMaker =
                maker.kind().kind().equals("ReplicaSet") || maker.kind().kind().equals("Job");
        if (!mayHaveMaker) {
            return new Origin(List.of(maker), true);
        }
        return switch (owners.ownerOf(namespace, maker.kind(), maker.name())) {
            case Owner.Made(Maker above) ->
                Maker.canBeAbove(above.kind(), maker.kind())
                        ? new Origin(List.of(maker, above), true)
                        : new Origin(List.of(maker), true);
            case Owner.Nobody() -> new Origin(List.of(maker), true);
            case Owner.Unknown() -> new Origin(List.of(maker), false);
        };
    }

    /** Who controls an object of the cluster, by its own ownerReferences: what is above is not looked for. */
    public static Owner controllerOf(JsonNode object, WorkloadKinds kinds) {
        Maker maker = maker(object, kinds);
        return maker == null ? new Owner.Nobody() : new Owner.Made(maker);
    }

    /** Whether an object says that something controls it, known to us or not. */
    static boolean isControlled(JsonNode object) {
        return !controller(object).isMissingNode();
    }

    private static @Nullable Maker maker(JsonNode object, WorkloadKinds kinds) {
        JsonNode reference = controller(object);
        WorkloadKind kind = reference.isMissingNode()
                ? null
                : kinds.of(
                        reference.path("apiVersion").asText(""),
                        reference.path("kind").asText(""));
        return kind == null ? null : new Maker(kind, reference.path("name").asText(""));
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
