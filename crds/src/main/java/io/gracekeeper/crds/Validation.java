package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a workload that falls short of the requirements.
 *
 * @param actions absent: {@code [Warn]}; Deny and Warn exclude each other, as in a ValidatingAdmissionPolicy
 * @param rules by rule, in the place of {@code actions}
 * @param existingViolations absent: Allow
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.actions) || !('Deny' in self.actions && 'Warn' in self.actions)",
        message = "Deny and Warn exclude each other: a refusal says more than a warning. Keep one of them",
        reason = "FieldValueInvalid",
        fieldPath = ".actions")
@ValidationRule(
        value = "!has(self.actions) || self.actions.all(a, self.actions.exists_one(b, a == b))",
        message = "each action may appear once",
        reason = "FieldValueInvalid",
        fieldPath = ".actions")
public record Validation(
        @Default("[\"Warn\"]")
        @Size(min = 1, max = 2)
        @JsonPropertyDescription(
                "Deny refuses the request, Warn lets it pass with a warning, Audit only counts it in the status. Never Deny with Warn.")
        @Nullable
        List<ValidationAction> actions,

        @Size(max = 16) @JsonPropertyDescription("By rule: what is done about it in the place of actions.") @Nullable
        List<RuleActions> rules,

        @Default("Allow")
        @JsonPropertyDescription(
                "Allow lets an update pass that leaves a violation which was there before and worsens nothing; Deny judges it like a create.")
        @Nullable
        ExistingViolations existingViolations) {
    /** Copies the lists, so that a record is a value. */
    public Validation {
        actions = actions == null ? null : List.copyOf(actions);
        rules = rules == null ? null : List.copyOf(rules);
    }

    /** The same for every rule. */
    public Validation(@Nullable List<ValidationAction> actions) {
        this(actions, null, null);
    }
}
