package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/**
 * What the platform asks for in every namespace that it selects.
 *
 * @param namespaceSelector labels of the namespaces; required, empty for all of them. kube-system, kube-node-lease and
 *     Gracekeeper's own namespace are never selected
 * @param priority -1000..1000, breaks ties of {@code injection}; absent: 0
 * @param match which workloads it speaks about; absent: every Deployment and StatefulSet of those namespaces
 * @param profile values for requirements left unset; absent: none
 * @param requirements what a pod needs in order to drain; absent: what the profile says
 * @param validation what happens to a workload that falls short; absent: a warning
 * @param injection what Gracekeeper adds by itself; absent: this policy takes no part in choosing that
 * @param audit how rollouts are followed; absent: they are, with the defaults
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterGracefulShutdownPolicySpec(
        @Required
        @JsonPropertyDescription(
                "Labels of the namespaces that it speaks about; {} for all. kube-system, kube-node-lease and Gracekeeper's own never are.")
        @Nullable
        LabelSelector namespaceSelector,

        @Default("0")
        @Min(-1000)
        @Max(1000)
        @JsonPropertyDescription(
                "Breaks ties of injection: the larger number gives it (-1000 to 1000). Requirements merge, and need none.")
        @Nullable
        Integer priority,

        @JsonPropertyDescription(
                "Which workloads the policy speaks about. Absent: every Deployment and StatefulSet of those namespaces.")
        @Nullable
        Match match,

        @Default("None")
        @JsonPropertyDescription(
                "Values for the requirements that are left unset: Web (drain 10, shutdown 20, margin 5), LongLived (10, 300, 30), Worker (0, 60, 15), Job (0, 30, 5).")
        @Nullable
        Profile profile,

        @JsonPropertyDescription("What a pod needs in order to drain. A requirement that is not set is no requirement.")
        @Nullable
        Requirements requirements,

        @Default("{}")
        @JsonPropertyDescription("What happens to a workload that falls short of the requirements. Absent: a warning.")
        @Nullable
        Validation validation,

        @JsonPropertyDescription(
                "What Gracekeeper adds to workloads by itself. A policy without it takes no part in choosing that.")
        @Nullable
        Injection injection,

        @Default("{}")
        @JsonPropertyDescription("How rollouts are followed and judged. Absent: they are, with the defaults.")
        @Nullable
        Audit audit) {
    /** All of it but the namespaces: what a policy inside one namespace could say as well. */
    public GracefulShutdownPolicySpec policy() {
        return new GracefulShutdownPolicySpec(priority, match, profile, requirements, validation, injection, audit);
    }

    /** What a policy of one namespace says, for the namespaces that a selector selects. */
    public static ClusterGracefulShutdownPolicySpec of(
            @Nullable LabelSelector namespaceSelector, GracefulShutdownPolicySpec policy) {
        return new ClusterGracefulShutdownPolicySpec(
                namespaceSelector,
                policy.priority(),
                policy.match(),
                policy.profile(),
                policy.requirements(),
                policy.validation(),
                policy.injection(),
                policy.audit());
    }
}
