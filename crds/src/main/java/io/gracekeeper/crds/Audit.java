package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rollouts are followed and judged.
 *
 * @param enabled absent: true
 * @param cleanExitCodes what counts as a clean end, absent: {@link #DEFAULT_CLEAN_EXIT_CODES}; 137 is refused
 * @param historyLimit 1..10 audits kept per workload; absent: 3
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.cleanExitCodes) || !(137 in self.cleanExitCodes)",
        message = "137 is what SIGKILL leaves behind and never a clean exit code: remove it",
        reason = "FieldValueInvalid",
        fieldPath = ".cleanExitCodes")
public record Audit(
        @Default("true")
        @JsonPropertyDescription("Whether the old pods of each rollout are followed to their end.")
        @Nullable
        Boolean enabled,

        @Default("[0, 143]")
        @Size(min = 1, max = 16)
        @JsonPropertyDescription("Exit codes that count as a clean end (0 to 255). 137 is SIGKILL and never clean.")
        @Nullable
        List<@Min(0) @Max(255) Integer> cleanExitCodes,

        @Default("3")
        @Min(1)
        @Max(10)
        @JsonPropertyDescription("How many audits are kept per workload (1 to 10).")
        @Nullable
        Integer historyLimit) {
    /** 0, and 143: what a process leaves behind that ends itself by its SIGTERM handler (every JVM does). */
    public static final List<Integer> DEFAULT_CLEAN_EXIT_CODES = List.of(0, 143);

    /** How many audits are kept per workload when the policy does not say. */
    public static final int DEFAULT_HISTORY_LIMIT = 3;

    /** Copies the list, so that a record is a value. */
    public Audit {
        cleanExitCodes = cleanExitCodes == null ? null : List.copyOf(cleanExitCodes);
    }
}
