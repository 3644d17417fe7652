package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.policy.WorkloadReducer;
import io.gracekeeper.runtime.Json;
import io.gracekeeper.runtime.ReducedInformer;
import io.gracekeeper.runtime.RegisteredKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workloads of every kind that some accepted policy names, and of no other: a kind is listed and watched from the moment that a
 * policy names it until none does.
 */
public final class WorkloadSources implements ScannedWorkloads {
    private static final Logger LOG = LoggerFactory.getLogger(WorkloadSources.class);

    /** A kind that can't be listed for so long is gone on without: one missing right may not stop all that can be judged. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final Json json;
    private final WorkloadKinds kinds;
    private final List<RegisteredKind> registered;
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<ReplicaSet> replicaSets;
    private final Consumer<String> changed;
    private final OriginReader origins;
    private final Map<WorkloadKind, Running> running = new ConcurrentHashMap<>();
    private volatile Set<Set<WorkloadKind>> ofPodPolicies = Set.of();
    private boolean deploymentsAreFollowed;

    private record Running(WorkloadSource source, long sinceNanos) {
        boolean isReady() {
            return source.hasSynced() || isLate();
        }

        boolean isLate() {
            return System.nanoTime() - sinceNanos > PATIENCE.toNanos();
        }
    }

    /**
     * Sources of which none is followed.
     *
     * @param registered those of them that are not Kubernetes' own
     * @param deployments run by somebody else, whether a policy names Deployments or not
     * @param replicaSets the same; they tell who made a pod
     * @param changed told the namespace after each change of a workload; must return at once
     */
    public WorkloadSources(
            KubernetesClient client,
            WorkloadKinds kinds,
            List<RegisteredKind> registered,
            SharedIndexInformer<Deployment> deployments,
            SharedIndexInformer<ReplicaSet> replicaSets,
            Consumer<String> changed) {
        this.client = client;
        this.json = new Json(client);
        this.kinds = kinds;
        this.registered = List.copyOf(registered);
        this.deployments = deployments;
        this.replicaSets = replicaSets;
        this.changed = changed;
        this.origins = new OriginReader(kinds, this::ownerOf);
        followReplicaSets();
    }

    /** A pod may be seen before its ReplicaSet, and is judged again when that comes. A Job's coming is a change already. */
    private void followReplicaSets() {
        replicaSets.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(ReplicaSet replicaSet) {
                if (!ofPodPolicies.isEmpty()) {
                    changed.accept(replicaSet.getMetadata().getNamespace());
                }
            }

            @Override
            public void onUpdate(ReplicaSet before, ReplicaSet after) {}

            @Override
            public void onDelete(ReplicaSet replicaSet, boolean finalStateUnknown) {}
        });
    }

    @Override
    public synchronized void follow(PolicySnapshot snapshot) {
        Set<WorkloadKind> named = new HashSet<>();
        Set<Set<WorkloadKind>> podPolicies = new HashSet<>();
        for (CompiledPolicy policy : snapshot.policies()) {
            Set<WorkloadKind> its = policy.kinds();
            named.addAll(its);
            if (its.stream().anyMatch(WorkloadKind::isPod)) {
                podPolicies.add(its);
                named.add(kind("Job")); // A pod of a Job may belong to a CronJob, and only the Job tells.
            }
        }
        boolean otherPods = !podPolicies.equals(ofPodPolicies);
        ofPodPolicies = podPolicies;
        for (WorkloadKind kind : Set.copyOf(running.keySet())) {
            if (!named.contains(kind) || (kind.isPod() && otherPods)) {
                stop(kind);
            }
        }
        for (WorkloadKind kind : named) {
            if (!running.containsKey(kind)) {
                start(kind);
            }
        }
    }

    private WorkloadKind kind(String name) {
        return Objects.requireNonNull(kinds.named(name));
    }

    private void start(WorkloadKind kind) {
        if (kind.equals(kinds.named("Deployment"))) {
            followDeployments();
            running.put(kind, new Running(new DeploymentSource(deployments, json), System.nanoTime()));
            return;
        }
        var watch = new KindWatch(client, resource(kind), object -> reduce(kind, object), changed);
        running.put(kind, new Running(watch, System.nanoTime()));
        LOG.atInfo().addKeyValue("kind", kind.qualifiedName()).log("Workloads are watched");
    }

    /** How the paths of the API server name a kind: those of other groups by what their administrator registered. */
    private ResourceDefinitionContext resource(WorkloadKind kind) {
        for (RegisteredKind each : registered) {
            if (each.kind().equals(kind)) {
                return ReducedInformer.kind(kind.group(), each.version(), kind.kind(), each.resource(), true);
            }
        }
        return ReducedInformer.kind(kind.group(), "v1", kind.kind(), kind.kind().toLowerCase(Locale.ROOT) + "s", true);
    }

    private @Nullable ReducedWorkload reduce(WorkloadKind kind, GenericKubernetesResource object) {
        ObjectNode tree = (ObjectNode) json.tree(object);
        String namespace = tree.path("metadata").path("namespace").asText("");
        if (!isWanted(kind, tree, namespace)) {
            return null;
        }
        Maker maker = maker(tree);
        WorkloadReducer.reduce(tree, kind);
        return new ReducedWorkload(tree, maker);
    }

    private void followDeployments() {
        if (deploymentsAreFollowed) {
            return;
        }
        deploymentsAreFollowed = true;
        deployments.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Deployment deployment) {
                changed.accept(deployment.getMetadata().getNamespace());
            }

            @Override
            public void onUpdate(Deployment before, Deployment after) {
                changed.accept(after.getMetadata().getNamespace());
            }

            @Override
            public void onDelete(Deployment deployment, boolean finalStateUnknown) {
                changed.accept(deployment.getMetadata().getNamespace());
            }
        });
    }

    private void stop(WorkloadKind kind) {
        Running stopped = running.remove(kind);
        if (stopped != null) {
            stopped.source().close();
            LOG.atInfo().addKeyValue("kind", kind.qualifiedName()).log("Workloads are watched no more");
        }
    }

    @Override
    public boolean areReady(Set<WorkloadKind> asked) {
        return asked.stream().allMatch(kind -> {
            Running source = running.get(kind);
            return source != null && isReady(kind, source);
        });
    }

    /** Of a pod the ReplicaSets and Jobs tell who made it: until they are known it can't be judged. */
    private boolean isReady(WorkloadKind kind, Running source) {
        if (!source.isReady() || !kind.isPod()) {
            return source.isReady();
        }
        Running jobs = running.get(kind("Job"));
        return (replicaSets.hasSynced() || source.isLate()) && (jobs == null || jobs.isReady());
    }

    @Override
    public boolean isSettling() {
        return running.entrySet().stream().anyMatch(each -> !isReady(each.getKey(), each.getValue()));
    }

    @Override
    public List<StoredWorkload> in(WorkloadKind kind, String namespace) {
        Running source = running.get(kind);
        return source == null ? List.of() : source.source().in(namespace);
    }

    @Override
    public Set<String> namespaces() {
        Set<String> namespaces = new HashSet<>();
        running.values().forEach(source -> namespaces.addAll(source.source().namespaces()));
        return namespaces;
    }

    @Override
    public Origin origin(JsonNode object, String namespace) {
        return origins.ofStored(object, namespace);
    }

    private @Nullable Maker maker(JsonNode object) {
        Origin origin = origins.ofStored(object, "");
        return origin.isNone() ? null : origin.makers().get(0);
    }

    /** What has ended, and what follows a template that is judged elsewhere, is not kept. */
    private boolean isWanted(WorkloadKind kind, ObjectNode object, String namespace) {
        return switch (kind.qualifiedName()) {
            case "Pod" -> isJudgedPod(object, namespace);
            case "ReplicaSet" -> maker(object) == null;
            case "Job" -> !isFinished(object);
            default -> true;
        };
    }

    private boolean isJudgedPod(ObjectNode pod, String namespace) {
        String phase = pod.path("status").path("phase").asText("");
        if (phase.equals("Succeeded")
                || phase.equals("Failed")
                || pod.path("metadata").has("deletionTimestamp")
                || pod.path("metadata").path("annotations").has(Request.MIRROR_POD)) {
            return false;
        }
        Origin origin = origins.ofStored(pod, namespace);
        return !origin.complete()
                || ofPodPolicies.stream().anyMatch(kindsOfOne -> !origin.mayBeJudgedAbove(kindsOfOne));
    }

    private static boolean isFinished(ObjectNode job) {
        for (JsonNode condition : job.path("status").path("conditions")) {
            String type = condition.path("type").asText("");
            if ((type.equals("Complete") || type.equals("Failed"))
                    && condition.path("status").asText("").equals("True")) {
                return true;
            }
        }
        return false;
    }

    private OriginReader.Owner ownerOf(String namespace, WorkloadKind kind, String name) {
        if (kind.equals(kinds.named("ReplicaSet"))) {
            ReplicaSet replicaSet = replicaSets.getIndexer().getByKey(namespace + "/" + name);
            return replicaSet == null ? new OriginReader.Owner.Unknown() : ownerOf(replicaSet);
        }
        Running jobs = running.get(kind);
        ReducedWorkload owner =
                jobs != null && jobs.source() instanceof KindWatch watch ? watch.find(namespace, name) : null;
        if (owner == null) {
            return new OriginReader.Owner.Unknown();
        }
        Maker above = owner.maker();
        return above == null ? new OriginReader.Owner.Nobody() : new OriginReader.Owner.Made(above);
    }

    private OriginReader.Owner ownerOf(ReplicaSet replicaSet) {
        return replicaSet.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .map(this::made)
                .orElseGet(OriginReader.Owner.Nobody::new);
    }

    private OriginReader.Owner made(OwnerReference reference) {
        WorkloadKind kind = kinds.of(reference.getApiVersion(), reference.getKind());
        return kind == null
                ? new OriginReader.Owner.Nobody()
                : new OriginReader.Owner.Made(new Maker(kind, reference.getName()));
    }

    @Override
    public synchronized void close() {
        Set.copyOf(running.keySet()).forEach(this::stop);
    }
}
