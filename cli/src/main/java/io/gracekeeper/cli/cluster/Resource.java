package io.gracekeeper.cli.cluster;

import io.gracekeeper.crds.ApiGroup;
import io.gracekeeper.policy.WorkloadKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of object and where the API server has it.
 *
 * @param apiVersion for instance {@code apps/v1}
 * @param kind for instance {@code Deployment}
 * @param plural for instance {@code deployments}
 */
public record Resource(String apiVersion, String kind, String plural) {
    /** Namespaces. */
    public static final Resource NAMESPACES = new Resource("v1", "Namespace", "namespaces");

    /** Our own kinds that verdicts depend on. */
    public static final List<Resource> OURS = List.of(
            ours("GracefulShutdownPolicy", "gracefulshutdownpolicies"),
            ours("ClusterGracefulShutdownPolicy", "clustergracefulshutdownpolicies"),
            ours("ShutdownException", "shutdownexceptions"));

    /** What advice is made from. */
    public static final List<Resource> SURROUNDINGS = List.of(
            new Resource("v1", "Service", "services"),
            new Resource("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
            new Resource("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
            new Resource("keda.sh/v1alpha1", "ScaledObject", "scaledobjects"));

    private static final Map<String, String> SHORT_NAMES = Map.of(
            "deploy", "Deployment",
            "sts", "StatefulSet",
            "ds", "DaemonSet",
            "rs", "ReplicaSet",
            "rc", "ReplicationController",
            "job", "Job",
            "cj", "CronJob",
            "po", "Pod");

    private static Resource ours(String kind, String plural) {
        return new Resource(ApiGroup.NAME + "/" + ApiGroup.VERSION, kind, plural);
    }

    /** Where objects of one of Kubernetes' own kinds of workload are: in v1 of its group, by the plural that ends in s. */
    static Resource ofKubernetes(WorkloadKind kind) {
        String version = kind.group().isEmpty() ? "v1" : kind.group() + "/v1";
        return new Resource(version, kind.kind(), kind.kind().toLowerCase(Locale.ROOT) + "s");
    }

    /** The kind that a user means by {@code deploy}, {@code deployments} or {@code Deployment}; as typed where it is none of these. */
    public static String kindNamed(String typed) {
        String lower = typed.toLowerCase(Locale.ROOT);
        String known = SHORT_NAMES.get(lower);
        if (known != null) {
            return known;
        }
        String singular = lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower;
        return SHORT_NAMES.values().stream()
                .filter(kind -> kind.toLowerCase(Locale.ROOT).equals(singular))
                .findFirst()
                .orElse(typed);
    }

    /** Whether it lets something off, where the other ones of ours ask for something. */
    public boolean isException() {
        return kind.equals("ShutdownException");
    }

    /** Whether its objects are in namespaces; of our own kinds. */
    public boolean isNamespaced() {
        return !kind.equals("ClusterGracefulShutdownPolicy");
    }

    /** Its path. */
    String path(@Nullable String namespace) {
        String root = apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/";
        return root + apiVersion + (namespace == null ? "" : "/namespaces/" + namespace) + "/" + plural;
    }
}
