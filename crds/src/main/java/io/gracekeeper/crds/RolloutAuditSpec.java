package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Which rollout is audited. Immutable.
 *
 * @param workload the workload that rolled
 * @param revision the revision that the rollout led to, as in {@code kubectl rollout history}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self == oldSelf",
        message = "an audit speaks about one rollout for ever: its spec is immutable")
public record RolloutAuditSpec(
        @Required @JsonPropertyDescription("The workload that rolled.")
        WorkloadReference workload,

        @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("The revision that the rollout led to, as in kubectl rollout history.")
        String revision) {}
