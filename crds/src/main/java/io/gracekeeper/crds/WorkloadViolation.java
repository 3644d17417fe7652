package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * One rule that one workload breaks.
 *
 * @param workload kind and name, for instance {@code Deployment/checkout}
 * @param rule for instance {@code BudgetFits}
 * @param message the sentence that a denial would carry
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkloadViolation(
        @JsonPropertyDescription("Kind and name, for instance Deployment/checkout.")
        String workload,

        @JsonPropertyDescription("The rule that it breaks, for instance BudgetFits.")
        String rule,

        @JsonPropertyDescription("The sentence that a refusal would carry.")
        String message) {}
