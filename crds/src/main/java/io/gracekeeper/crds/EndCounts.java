package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Ends of a rollout's old pods, by result.
 *
 * @param expected pods that the rollout is to end
 * @param clean ended by themselves in time
 * @param forced killed at the end of their grace
 * @param oom out of memory
 * @param error ended with another exit code than the clean ones
 * @param unseen gone, and nobody saw how
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndCounts(
        @JsonPropertyDescription("Pods that the rollout is to end.")
        int expected,

        @JsonPropertyDescription("Ended by themselves, in time.")
        int clean,

        @JsonPropertyDescription("Killed at the end of their grace period.")
        int forced,

        @JsonPropertyDescription("Ended out of memory.") int oom,

        @JsonPropertyDescription("Ended with an exit code that is not a clean one.")
        int error,

        @JsonPropertyDescription("Gone, and nobody saw how.")
        int unseen) {}
