package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nobody watched.
 *
 * @param from last sight before it; null if there was none
 * @param to first sight after it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Gap(
        @JsonPropertyDescription("The last sight before it.") @Nullable
        Instant from,

        @JsonPropertyDescription("The first sight after it.")
        Instant to) {}
