package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * What a policy asks for. Every part may be absent: a policy without requirements only audits.
 *
 * @param priority -1000..1000, breaks ties of {@code injection}; absent: 0
 * @param match which workloads it speaks about; absent: every Deployment and StatefulSet of the namespace
 * @param profile values for requirements left unset; absent: none
 * @param requirements what a pod needs in order to drain; absent: what the profile says
 * @param validation what happens to a workload that falls short; absent: a warning
 * @param injection what Gracekeeper adds by itself; absent: this policy takes no part in choosing that
 * @param audit how rollouts are followed; absent: they are, with the defaults
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GracefulShutdownPolicySpec(
        @Default("0")
        @Min(-1000)
        @Max(1000)
        @JsonPropertyDescription(
                "Breaks ties of injection: the larger number gives it (-1000 to 1000). Requirements merge, and need none.")
        @Nullable
        Integer priority,

        @JsonPropertyDescription(
                "Which workloads the policy speaks about. Absent: every Deployment and StatefulSet of the namespace.")
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
    /** A policy without priority and profile. */
    public GracefulShutdownPolicySpec(
            @Nullable Match match,
            @Nullable Requirements requirements,
            @Nullable Validation validation,
            @Nullable Injection injection,
            @Nullable Audit audit) {
        this(null, match, null, requirements, validation, injection, audit);
    }
}
