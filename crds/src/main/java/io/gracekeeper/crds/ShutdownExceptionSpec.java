package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is let off, from which rule, why, and until when.
 *
 * @param target the workloads
 * @param containers those of the workloads' containers that it is about; absent or empty: all, and what belongs to the pod
 * @param rules the rules that are forgiven; at least one, no wildcard
 * @param skipInjection whether nothing is injected either; absent: false
 * @param reason why; it stands in statuses and warnings
 * @param expiresAt RFC 3339; from then on the exception means nothing. At most {@value #MAX_DAYS} days ahead
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.rules.all(r, !r.contains('*'))",
        message = "name each rule: there is no wildcard",
        reason = "FieldValueInvalid",
        fieldPath = ".rules")
@ValidationRule(
        value = "self.rules.all(r, self.rules.exists_one(o, o == r))",
        message = "each rule may appear once",
        reason = "FieldValueInvalid",
        fieldPath = ".rules")
public record ShutdownExceptionSpec(
        @Required @JsonPropertyDescription("The workloads that are let off.") @Nullable
        ExceptionTarget target,

        @Size(max = 32)
        @JsonPropertyDescription(
                "Names of the containers that are let off: their terms leave the sum. Absent: the whole workload.")
        @Nullable
        List<@Size(max = 63) String> containers,

        @Required
        @Size(min = 1, max = 16)
        @JsonPropertyDescription("The rules that are forgiven, by name. At least one, no wildcard.")
        @Nullable
        List<@Size(max = 63) String> rules,

        @JsonPropertyDescription("Whether nothing is injected into the workloads either. Absent: false.") @Nullable
        Boolean skipInjection,

        @Required
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription("Why, for the people who find it: a ticket, a vendor image.")
        @Nullable
        String reason,

        @Required
        @Pattern("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$")
        @JsonPropertyDescription(
                "RFC 3339, for instance 2027-03-01T00:00:00Z. From then on the exception means nothing; at most 180 days ahead.")
        @Nullable
        String expiresAt) {
    /** How far ahead an exception may end, in days. */
    public static final int MAX_DAYS = 180;

    /** Copies the lists, so that a record is a value. */
    public ShutdownExceptionSpec {
        containers = containers == null ? null : List.copyOf(containers);
        rules = rules == null ? null : List.copyOf(rules);
    }
}
