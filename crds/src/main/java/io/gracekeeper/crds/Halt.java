package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a retrofit stopped. A new generation of the policy or a new value of the annotation {@code gracekeeper.io/resume} lifts it.
 *
 * @param workload kind and name of the workload that went wrong
 * @param reason one word
 * @param message what was seen and how to go on
 * @param since when
 * @param generation of the policy for which it holds
 * @param resume the value of the resume annotation for which it holds; null if there was none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Halt(
        @JsonPropertyDescription("Kind and name of the workload that went wrong.")
        String workload,

        @JsonPropertyDescription("One word, for instance NotAvailable.")
        String reason,

        @JsonPropertyDescription("What was seen, and how to go on.")
        String message,

        @JsonPropertyDescription("When it stopped.") Instant since,

        @JsonPropertyDescription("The generation of the policy for which the halt holds.")
        long generation,

        @JsonPropertyDescription("The value of the annotation gracekeeper.io/resume for which the halt holds.")
        @Nullable
        String resume) {}
