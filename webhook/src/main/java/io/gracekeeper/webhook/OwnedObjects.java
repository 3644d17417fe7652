package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.policy.Maker;
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
 * ControllerRevisions hold. About 150 bytes for each of them, half of it its key: all that one workload controls share what is known
 * of that one.
 */
final class OwnedObjects implements Owners, Revisions, AutoCloseable {
    private static final ObjectMapper TREES = new ObjectMapper();
    private static final long[] NONE = {};

    private final WorkloadKinds kinds;
    private final ReducedInformer<Child> replicaSets;
    private final ReducedInformer<Child> jobs;
    private final ReducedInformer<Child> controllerRevisions;
    private final Map<UUID, Controlled> controlled = new ConcurrentHashMap<>();

    /**
     * Who controls an object.
     *
     * @param maker null where it makes no pods that we know of
     */
    record Controller(UUID uid, @Nullable Maker maker) {}

    /**
     * What is kept of an object.
     *
     * @param controller null where it has none; one for all that it controls
     * @param template the hash of the template that it holds; 0 where that is nobody's revision
     */
    private record Child(@Nullable Controller controller, long template) {
        static final Child ORPHAN = new Child(null, 0);
    }

    /** A controller, the templates that its children hold, one for each that holds one, and how many hold none. Immutable. */
    static final class Controlled {
        private final Controller controller;
        private final long[] templates;
        private final int others;

        private Controlled(Controller controller, long[] templates, int others) {
            this.controller = controller;
            this.templates = templates;
            this.others = others;
        }

        /** One without children. */
        static Controlled by(Controller controller) {
            return new Controlled(controller, NONE, 0);
        }

        Controller controller() {
            return controller;
        }

        /** A Job holds none: thousands of one controller's must not each copy an array. */
        Controlled with(long template) {
            if (template == 0) {
                return new Controlled(controller, templates, others + 1);
            }
            long[] more = Arrays.copyOf(templates, templates.length + 1);
            more[templates.length] = template;
            return new Controlled(controller, more, others);
        }

        /** Two children may hold the same template: one of them goes. Null where none is left. */
        @Nullable
        Controlled without(long template) {
            if (template == 0) {
                return orNull(templates, Math.max(0, others - 1));
            }
            for (int i = 0; i < templates.length; i++) {
                if (templates[i] == template) {
                    long[] rest = Arrays.copyOf(templates, templates.length - 1);
                    System.arraycopy(templates, i + 1, rest, i, rest.length - i);
                    return orNull(rest, others);
                }
            }
            return this;
        }

        private @Nullable Controlled orNull(long[] rest, int without) {
            return rest.length == 0 && without == 0 ? null : new Controlled(controller, rest, without);
        }

        boolean holds(long template) {
            for (long hash : templates) {
                if (hash == template) {
                    return true;
                }
            }
            return false;
        }
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
                this::follow);
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
        Controller controller = child.controller();
        return controller == null || controller.maker() == null
                ? new Owner.Nobody()
                : new Owner.Made(controller.maker());
    }

    @Override
    public boolean hold(JsonNode object, long templateHash) {
        String uid = object.path("metadata").path("uid").asText("");
        Controlled own = uid.isEmpty() || templateHash == 0 ? null : controlled.get(id(uid));
        return own != null && own.holds(templateHash);
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
        return new Child(shared(controller), hash(object.getAdditionalProperties(), templatePath));
    }

    /** The one that others of its children have already, where it says the same. */
    private Controller shared(OwnerReference reference) {
        WorkloadKind kind = kinds.of(reference.getApiVersion(), reference.getKind());
        var controller =
                new Controller(id(reference.getUid()), kind == null ? null : new Maker(kind, reference.getName()));
        Controlled known = controlled.get(controller.uid());
        return known != null && known.controller().equals(controller) ? known.controller() : controller;
    }

    private static long hash(Map<String, Object> object, List<String> templatePath) {
        if (templatePath.isEmpty()) {
            return 0;
        }
        Object node = object;
        for (String name : templatePath) {
            node = node instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return node == null ? 0 : TemplateHash.of(TREES.valueToTree(node));
    }

    /** Called by one thread for each kind of child: what one controller has is changed as a whole. */
    private void follow(@Nullable Child before, @Nullable Child after) {
        if (before != null && before.controller() != null) {
            controlled.computeIfPresent(before.controller().uid(), (uid, own) -> own.without(before.template()));
        }
        Controller controller = after == null ? null : after.controller();
        if (after != null && controller != null) {
            controlled.compute(
                    controller.uid(),
                    (uid, own) -> (own == null ? Controlled.by(controller) : own).with(after.template()));
        }
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
