package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator found. Written only when something in it changes.
 *
 * @param observedGeneration the generation of the spec that this status speaks about
 * @param matched Deployments that the policy matches
 * @param compliant those that fall short of nothing, as they are
 * @param fixable those that injection makes, or would make, compliant
 * @param violating the rest: only their authors can fix them
 * @param violations the worst, at most 20
 * @param retrofit how far existing workloads are; absent unless injection is Apply and Paced
 * @param conditions Accepted, Consistent, Injected, Enforced
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GracefulShutdownPolicyStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Deployments that the policy matches.") @Nullable
        Integer matched,

        @JsonPropertyDescription("Matched Deployments that fall short of nothing, as they are.") @Nullable
        Integer compliant,

        @JsonPropertyDescription("Matched Deployments that injection makes, or would make, compliant.") @Nullable
        Integer fixable,

        @JsonPropertyDescription("Matched Deployments that only their authors can fix.") @Nullable
        Integer violating,

        @JsonPropertyDescription("The violations of the workloads counted as violating, at most 20.") @Nullable
        List<WorkloadViolation> violations,

        @JsonPropertyDescription("How far existing workloads are. Absent unless injection is Apply and Paced.")
        @Nullable
        Retrofit retrofit,

        @JsonPropertyDescription("Accepted, Consistent, Injected, Enforced.") @Nullable
        List<Condition> conditions) {
    /** The most violations that a status lists. */
    public static final int MAX_VIOLATIONS = 20;
}
