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
        List<ValidationAction> actions) {
    /** Copies the list, so that a record is a value. */
    public Validation {
        actions = actions == null ? null : List.copyOf(actions);
    }
}
