package io.gracekeeper.policy.cases;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What every door says of a case.
 *
 * @param description what the case shows, for the rule's page; written by hand, all else by the test's documented switch
 * @param classification where the object stands, as it was written
 * @param violations of the object as it was written, in order
 * @param allowed whether it passes admission: after injection, where a policy applies it
 * @param warnings of that admission, in order
 * @param advice on the object as it was written, given the case's surroundings
 */
@JsonPropertyOrder({"description", "classification", "violations", "allowed", "warnings", "advice"})
public record Expected(
        String description,
        String classification,
        List<ExpectedViolation> violations,
        boolean allowed,
        List<String> warnings,
        List<ExpectedNote> advice) {

    /**
     * A broken rule.
     *
     * @param message whole, with the fix
     */
    @JsonPropertyOrder({"rule", "field", "message"})
    public record ExpectedViolation(String rule, String field, String message) {}

    /** A piece of advice. */
    @JsonPropertyOrder({"rule", "field", "message"})
    public record ExpectedNote(String rule, String field, String message) {}

    /** Null lists are empty ones. */
    public Expected {
        description = description == null ? "" : description;
        classification = classification == null ? "" : classification;
        violations = violations == null ? List.of() : List.copyOf(violations);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        advice = advice == null ? List.of() : List.copyOf(advice);
    }
}
