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
 * Who is let off, with all that it makes: nobody could name its pods.
 *
 * @param kind for instance {@code Deployment}
 * @param names of workloads of that kind in the exception's namespace; no wildcards
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.names.all(n, !n.contains('*'))",
        message = "name each workload: there is no wildcard",
        reason = "FieldValueInvalid",
        fieldPath = ".names")
public record ExceptionTarget(
        @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription(
                "The kind of the workloads, for instance Deployment. What they make is let off with them: a Deployment's pods, a CronJob's Jobs and their pods.")
        @Nullable
        String kind,

        @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription("Names of workloads in the exception's namespace (1 to 32). No wildcards.")
        @Nullable
        List<@Size(max = 253) String> names) {
    /** Copies the list, so that a record is a value. */
    public ExceptionTarget {
        names = names == null ? null : List.copyOf(names);
    }
}
