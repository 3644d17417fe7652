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
 * @param effective the requirements with the profile's values filled in
 * @param matched workloads that the policy matches
 * @param compliant those that fall short of nothing, as they are
 * @param fixable those that injection makes, or would make, compliant
 * @param violating the rest: only their authors can fix them
 * @param exempt those of them that an exception lets off from something
 * @param violations the worst, at most 20
 * @param exceptions in force for matched workloads, at most 20
 * @param retrofit how far existing workloads are; absent unless injection is Apply and Paced
 * @param conditions Accepted, Consistent, Injected, Enforced
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GracefulShutdownPolicyStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The requirements, with the profile's values filled in.") @Nullable
        Requirements effective,

        @JsonPropertyDescription("Workloads that the policy matches.") @Nullable
        Integer matched,

        @JsonPropertyDescription("Matched workloads that fall short of nothing, as they are.") @Nullable
        Integer compliant,

        @JsonPropertyDescription("Matched workloads that injection makes, or would make, compliant.") @Nullable
        Integer fixable,

        @JsonPropertyDescription("Matched workloads that only their authors can fix.") @Nullable
        Integer violating,

        @JsonPropertyDescription("Matched workloads that an exception lets off from something.") @Nullable
        Integer exempt,

        @JsonPropertyDescription("The violations of the workloads counted as violating, at most 20.") @Nullable
        List<WorkloadViolation> violations,

        @JsonPropertyDescription("Exceptions in force for matched workloads, at most 20.") @Nullable
        List<ExceptionInForce> exceptions,

        @JsonPropertyDescription("How far existing workloads are. Absent unless injection is Apply and Paced.")
        @Nullable
        Retrofit retrofit,

        @JsonPropertyDescription("Accepted, Consistent, Injected, Enforced.") @Nullable
        List<Condition> conditions) {
    /** The most violations that a status lists. */
    public static final int MAX_VIOLATIONS = 20;

    /** The most exceptions that a status lists. */
    public static final int MAX_EXCEPTIONS = 20;
}
