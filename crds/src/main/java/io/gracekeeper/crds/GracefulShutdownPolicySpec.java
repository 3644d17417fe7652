package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/**
 * What a policy asks for. Every part may be absent: a policy without requirements only audits.
 *
 * @param match which pod templates it speaks about; absent: every one of the namespace
 * @param requirements what a pod needs in order to drain; absent: nothing
 * @param validation what happens to a workload that falls short; absent: a warning
 * @param injection what Gracekeeper adds by itself; absent: this policy takes no part in choosing that
 * @param audit how rollouts are followed; absent: they are, with the defaults
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GracefulShutdownPolicySpec(
        @JsonPropertyDescription("Which pod templates the policy speaks about. Absent: every one of the namespace.")
        @Nullable
        Match match,

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
        Audit audit) {}
