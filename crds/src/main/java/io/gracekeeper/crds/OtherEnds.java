package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Ends outside the rollout, of one cause.
 *
 * @param ended how many
 * @param forced how many of them were killed at the end of their grace
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OtherEnds(
        @JsonPropertyDescription("How many pods ended.") int ended,

        @JsonPropertyDescription("How many of them were killed at the end of their grace period.")
        int forced) {}
