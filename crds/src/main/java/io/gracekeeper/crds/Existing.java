package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * When workloads that are already there get what a policy injects.
 *
 * @param mode absent: NextRollout
 * @param maxConcurrent 1..100, how many may be on their way at once; absent: 1; used by Paced alone
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Existing(
        @Default("NextRollout")
        @JsonPropertyDescription(
                "NextRollout waits until somebody changes the template. Paced rolls the workloads, maxConcurrent at a time, and stops at the first that fails.")
        @Nullable
        ExistingMode mode,

        @Default("1")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("How many workloads may be on their way at once when mode is Paced (1 to 100).")
        @Nullable
        Integer maxConcurrent) {}
