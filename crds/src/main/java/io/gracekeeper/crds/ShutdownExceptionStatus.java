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
 * @param forgiven violations that the exception lets pass now
 * @param conditions Accepted, Active
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ShutdownExceptionStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Violations that the exception lets pass now. 0 means that it can be removed.")
        @Nullable
        Integer forgiven,

        @JsonPropertyDescription("Accepted, Active.") @Nullable
        List<Condition> conditions) {}
