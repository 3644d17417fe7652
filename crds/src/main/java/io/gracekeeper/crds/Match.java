package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which workloads a policy speaks about: by their kind, and by the labels of the pod template (and not of the workload), so that a
 * workload and its pods are always matched alike.
 *
 * @param kinds absent: {@link #DEFAULT_KINDS}
 * @param selector absent or empty: every template
 * @param excludeSelector wins over {@code selector}; absent or empty: excludes nothing
 * @param exemptContainers names or globs ({@code *} and {@code ?}) of containers that owe this policy nothing and get nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Match(
        @Default("[\"Deployment\", \"StatefulSet\"]")
        @Size(min = 1, max = 32)
        @JsonPropertyDescription(
                "Kinds of workloads: Deployment, StatefulSet, DaemonSet, ReplicaSet (without an owner), ReplicationController, Job, CronJob, Pod (that no workload made which the policy judges), and kinds of other groups that the chart's workloadKinds names. Where Pod stands beside Deployment or a kind of another group, ReplicaSets without an owner are judged too, and where it stands beside CronJob or a kind of another group, so are Jobs: their pods pass as those of a judged workload.")
        @Nullable
        List<@Size(max = 253) String> kinds,

        @JsonPropertyDescription("Labels of the pod template. Absent or empty: every template of the namespace.")
        @Nullable
        LabelSelector selector,

        @JsonPropertyDescription(
                "Labels of the pod template that keep it out; wins over selector. Absent or empty: keeps nothing out.")
        @Nullable
        LabelSelector excludeSelector,

        @Size(max = 32)
        @JsonPropertyDescription(
                "Containers that owe this policy nothing and get nothing injected: names or globs, as in istio-proxy or *-agent (at most 32).")
        @Nullable
        List<@Size(max = 63) String> exemptContainers) {
    /** What a policy speaks about when it names no kinds. */
    public static final List<String> DEFAULT_KINDS = List.of("Deployment", "StatefulSet");

    /** Copies the lists, so that a record is a value. */
    public Match {
        kinds = kinds == null ? null : List.copyOf(kinds);
        exemptContainers = exemptContainers == null ? null : List.copyOf(exemptContainers);
    }

    /** By labels alone. */
    public Match(@Nullable LabelSelector selector, @Nullable LabelSelector excludeSelector) {
        this(null, selector, excludeSelector, null);
    }
}
