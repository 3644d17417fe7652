package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/**
 * What Gracekeeper adds to workloads by itself.
 *
 * @param mode absent: DryRun
 * @param existing when workloads that are already there get their turn; absent: at their next rollout
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Injection(
        @Default("DryRun")
        @JsonPropertyDescription(
                "Disabled adds nothing, DryRun only counts in the status what Apply would fix, Apply adds it.")
        @Nullable
        InjectionMode mode,

        @JsonPropertyDescription("When workloads that are already there get their turn. Absent: at their next rollout.")
        @Nullable
        Existing existing) {}
