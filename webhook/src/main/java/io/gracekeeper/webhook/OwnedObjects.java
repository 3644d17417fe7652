package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.policy.OriginReader.Owner;
import io.gracekeeper.policy.OriginReader.Owners;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.TemplateHash;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.ReducedInformer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who controls each ReplicaSet and Job of the cluster, and which pod templates a workload's own ReplicaSets and
 * ControllerRevisions hold. About 150 bytes for each of them: a kind, two ids and a hash.
 */
final class OwnedObjects implements Owners, Revisions, AutoCloseable {
    private static final ObjectMapper TREES = new ObjectMapper();
    private static final long[] NONE = {};

    private final WorkloadKinds kinds;
    private final ReducedInformer<Child> replicaSets;
    private final ReducedInformer<Child> jobs;
    private final ReducedInformer<Child> controllerRevisions;
    private final Map<UUID, long[]> templates = new ConcurrentHashMap<>();

    /**
     * What is kept of an object.
     *
     * @param owner the kind of its controller; null where it has none, or one that makes no pods that we know of
     * @param ownerUid of its controller; null where it has none
     * @param template the hash of the template that it holds; 0 where that is nobody's revision
     */
    private record Child(
            @Nullable WorkloadKind owner, @Nullable UUID ownerUid, long template) {
        static final Child ORPHAN = new Child(null, null, 0);
    }

    /**
     * Not started yet.
     *
     * @param client stays the caller's; must outlive this
     * @param kinds that owners may be of
     */
    public OwnedObjects(KubernetesClient client, WorkloadKinds kinds) {
        this.kinds = kinds;
        this.replicaSets = new ReducedInformer<>(
                client,
                ReducedInformer.kind("apps", "v1", "ReplicaSet", "replicasets", true),
                object -> child(object, List.of("spec", "template")),
                this::follow);
        this.jobs = new ReducedInformer<>(
                client,
                ReducedInformer.kind("batch", "v1", "Job", "jobs", true),
                object -> child(object, List.of()),
                (before, after) -> {});
        this.controllerRevisions = new ReducedInformer<>(
                client,
                ReducedInformer.kind("apps", "v1", "ControllerRevision", "controllerrevisions", true),
                object -> child(object, List.of("data", "spec", "template")),
                this::follow);
    }

    /** Starts listing and watching, and returns at once. */
    public void start() {
        replicaSets.start(() -> {});
        jobs.start(() -> {});
        controllerRevisions.start(() -> {});
    }

    /** Whether everything that was there at the start is known. Stays true when the API server goes away. */
    public boolean hasSynced() {
        return replicaSets.hasSynced() && jobs.hasSynced() && controllerRevisions.hasSynced();
    }

    @Override
    public Owner ownerOf(String namespace, WorkloadKind kind, String name) {
        ReducedInformer<Child> known = switch (kind.kind()) {
            case "ReplicaSet" -> replicaSets;
            case "Job" -> jobs;
            default -> null;
        };
        Child child = known == null ? null : known.get(namespace, name);
        if (child == null) {
            return new Owner.Unknown();
        }
        return child.owner() == null ? new Owner.Nobody() : new Owner.Kind(child.owner());
    }

    @Override
    public boolean hold(JsonNode object, long templateHash) {
        String uid = object.path("metadata").path("uid").asText("");
        return !uid.isEmpty() && contains(templates.getOrDefault(id(uid), NONE), templateHash);
    }

    @Override
    public void close() {
        replicaSets.close();
        jobs.close();
        controllerRevisions.close();
    }

    private Child child(GenericKubernetesResource object, List<String> templatePath) {
        OwnerReference controller = object.getMetadata().getOwnerReferences().stream()
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst()
                .orElse(null);
        if (controller == null) {
            return Child.ORPHAN;
        }
        WorkloadKind owner = kinds.of(controller.getApiVersion(), controller.getKind());
        return templatePath.isEmpty()
                ? new Child(owner, null, 0)
                : new Child(owner, id(controller.getUid()), hash(object.getAdditionalProperties(), templatePath));
    }

    private static long hash(Map<String, Object> object, List<String> templatePath) {
        Object node = object;
        for (String name : templatePath) {
            node = node instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return node == null ? 0 : TemplateHash.of(TREES.valueToTree(node));
    }

    /** Called by one thread for ReplicaSets and one for ControllerRevisions: what one owner has is changed as a whole. */
    private void follow(@Nullable Child before, @Nullable Child after) {
        if (before != null && before.ownerUid() != null && before.template() != 0) {
            templates.computeIfPresent(before.ownerUid(), (uid, hashes) -> without(hashes, before.template()));
        }
        if (after != null && after.ownerUid() != null && after.template() != 0) {
            templates.merge(after.ownerUid(), new long[] {after.template()}, OwnedObjects::joined);
        }
    }

    private static boolean contains(long[] hashes, long wanted) {
        for (long hash : hashes) {
            if (hash == wanted) {
                return true;
            }
        }
        return false;
    }

    private static long[] joined(long[] some, long[] more) {
        long[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    /** Two revisions may hold the same template: one of them goes. Null where none is left. */
    private static long @Nullable [] without(long[] hashes, long gone) {
        for (int i = 0; i < hashes.length; i++) {
            if (hashes[i] == gone) {
                long[] rest = Arrays.copyOf(hashes, hashes.length - 1);
                System.arraycopy(hashes, i + 1, rest, i, rest.length - i);
                return rest.length == 0 ? null : rest;
            }
        }
        return hashes;
    }

    private static UUID id(String uid) {
        try {
            return UUID.fromString(uid);
        } catch (IllegalArgumentException e) {
            return UUID.nameUUIDFromBytes(
                    uid.getBytes(StandardCharsets.UTF_8)); // Kubernetes promises only that it is unique.
        }
    }
}
