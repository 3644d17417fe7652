package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done about one rule; overrides the policy's {@code actions}.
 *
 * @param rule its name, for instance {@code BudgetFits}
 * @param actions as in {@link Validation#actions()}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!('Deny' in self.actions && 'Warn' in self.actions)",
        message = "Deny and Warn exclude each other: a refusal says more than a warning. Keep one of them",
        reason = "FieldValueInvalid",
        fieldPath = ".actions")
public record RuleActions(
        @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("The rule, for instance BudgetFits. The rule catalogue lists them.")
        @Nullable
        String rule,

        @Required
        @Size(min = 1, max = 2)
        @JsonPropertyDescription("What is done about it; overrides spec.validation.actions. Never Deny with Warn.")
        @Nullable
        List<ValidationAction> actions) {
    /** Copies the list, so that a record is a value. */
    public RuleActions {
        actions = actions == null ? null : List.copyOf(actions);
    }
}
