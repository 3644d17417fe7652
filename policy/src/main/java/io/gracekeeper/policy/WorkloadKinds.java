package io.gracekeeper.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds of workload that an installation knows: Kubernetes' own, and those that its administrator registered. */
public final class WorkloadKinds {
    /** The user as which every controller acts where each has no service account of its own. */
    private static final String CONTROLLER_MANAGER = "system:kube-controller-manager";

    private static final List<String> TEMPLATE = List.of("spec", "template");

    /** Kubernetes' own kinds. */
    private static final List<WorkloadKind> KUBERNETES = List.of(
            kind("apps", "Deployment", TEMPLATE, true, "deployment-controller"),
            kind("apps", "StatefulSet", TEMPLATE, true, "statefulset-controller"),
            kind("apps", "DaemonSet", TEMPLATE, false, "daemon-set-controller"),
            kind("apps", "ReplicaSet", TEMPLATE, true, "replicaset-controller"),
            kind("", "ReplicationController", TEMPLATE, true, "replication-controller"),
            kind("batch", "Job", TEMPLATE, false, "job-controller"),
            kind("batch", "CronJob", List.of("spec", "jobTemplate", "spec", "template"), false, "cronjob-controller"),
            new WorkloadKind("", "Pod", List.of(), true, Set.of()));

    /** Kubernetes' own kinds, and no other. */
    public static final WorkloadKinds BUILT_IN = new WorkloadKinds(KUBERNETES);

    private record Key(String group, String kind) {}

    private final List<WorkloadKind> all;
    private final Map<Key, WorkloadKind> byKey = new HashMap<>();
    private final Map<String, List<WorkloadKind>> byName = new HashMap<>();

    private WorkloadKinds(Collection<WorkloadKind> kinds) {
        this.all = List.copyOf(kinds);
        for (WorkloadKind kind : all) {
            byKey.put(new Key(kind.group(), kind.kind()), kind);
            byName.computeIfAbsent(kind.kind(), name -> new ArrayList<>()).add(kind);
        }
    }

    private static WorkloadKind kind(
            String group, String kind, List<String> path, boolean injectable, String controller) {
        return new WorkloadKind(
                group,
                kind,
                path,
                injectable,
                Set.of("system:serviceaccount:kube-system:" + controller, CONTROLLER_MANAGER));
    }

    static boolean isBuiltIn(WorkloadKind kind) {
        return KUBERNETES.contains(kind);
    }

    /** These kinds and others. One of the same group and kind as one of these takes its place. */
    public WorkloadKinds with(Collection<WorkloadKind> others) {
        if (others.isEmpty()) {
            return this;
        }
        Map<Key, WorkloadKind> merged = new HashMap<>();
        Set<Key> order = new LinkedHashSet<>();
        List<WorkloadKind> both = new ArrayList<>(all);
        both.addAll(others);
        for (WorkloadKind kind : both) {
            Key key = new Key(kind.group(), kind.kind());
            order.add(key);
            merged.put(key, kind);
        }
        return new WorkloadKinds(order.stream().map(merged::get).toList());
    }

    /** Every kind, Kubernetes' own first. */
    public List<WorkloadKind> all() {
        return all;
    }

    /**
     * The kind of an object; null where it makes no pods that we know of.
     *
     * @param apiVersion as the object has it, for instance {@code apps/v1} or {@code v1}
     */
    public @Nullable WorkloadKind of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return byKey.get(new Key(slash < 0 ? "" : apiVersion.substring(0, slash), kind));
    }

    /**
     * The kind that a policy names: {@code Deployment}, or {@code Rollout.argoproj.io}; null where it is unknown or ambiguous. A
     * name alone is Kubernetes' own before it is anybody's: a second {@code StatefulSet} must not take the first one's name.
     */
    public @Nullable WorkloadKind named(String name) {
        List<WorkloadKind> sameName = byName.getOrDefault(name, List.of());
        if (sameName.size() == 1 || (!sameName.isEmpty() && isBuiltIn(sameName.get(0)))) {
            return sameName.get(0);
        }
        int dot = name.indexOf('.');
        return dot < 0 ? null : byKey.get(new Key(name.substring(dot + 1), name.substring(0, dot)));
    }

    /** The names that a policy may use, for messages. */
    public List<String> names() {
        return all.stream().map(WorkloadKind::qualifiedName).toList();
    }
}
