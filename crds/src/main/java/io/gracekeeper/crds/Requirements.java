package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a pod needs in order to drain, in seconds. A value that is not set is no requirement, but for the margin, which is
 * {@value #DEFAULT_MARGIN_SECONDS} as soon as a drain delay or a shutdown time is set.
 *
 * @param drainDelaySeconds 0..600: how long a serving container goes on serving after its termination starts
 * @param shutdownSeconds 0..86400: what a container needs from its stop signal to its exit
 * @param marginSeconds 0..600, once per pod
 * @param maxTerminationGracePeriodSeconds 1..86400: the most that a pod may take
 * @param readinessProbe which containers need one; absent: what the profile says, else none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "!has(self.maxTerminationGracePeriodSeconds) || (has(self.drainDelaySeconds) ? self.drainDelaySeconds : 0)"
                        + " + (has(self.shutdownSeconds) ? self.shutdownSeconds : 0)"
                        + " + (has(self.marginSeconds) ? self.marginSeconds"
                        + " : (has(self.drainDelaySeconds) || has(self.shutdownSeconds) ? 5 : 0))"
                        + " <= self.maxTerminationGracePeriodSeconds",
        message = "drainDelaySeconds + shutdownSeconds + marginSeconds (5 if not set) is more than"
                + " maxTerminationGracePeriodSeconds: no pod could ever comply. Raise the maximum or lower the others",
        reason = "FieldValueInvalid",
        fieldPath = ".maxTerminationGracePeriodSeconds")
public record Requirements(
        @Min(0)
        @Max(600)
        @JsonPropertyDescription(
                "How long a container that serves a TCP port goes on serving after its termination starts (0 to 600 s).")
        @Nullable
        Integer drainDelaySeconds,

        @Min(0)
        @Max(86400)
        @JsonPropertyDescription("What a container needs from its stop signal to its exit (0 to 86400 s).")
        @Nullable
        Integer shutdownSeconds,

        @Min(0)
        @Max(600)
        @JsonPropertyDescription(
                "Spare time, once per pod (0 to 600 s). 5 if not set while a drain delay or a shutdown time is.")
        @Nullable
        Integer marginSeconds,

        @Min(1)
        @Max(86400)
        @JsonPropertyDescription("The largest terminationGracePeriodSeconds that a pod may have (1 to 86400 s).")
        @Nullable
        Integer maxTerminationGracePeriodSeconds,

        @JsonPropertyDescription(
                "Which main containers need a readiness probe: Required (all), IfServing (those with a TCP port) or Ignore (none). Absent: Ignore, but IfServing for the profiles Web and LongLived.")
        @Nullable
        ReadinessProbeRequirement readinessProbe) {
    /** The margin of a policy that sets a drain delay or a shutdown time but no margin, in seconds. */
    public static final int DEFAULT_MARGIN_SECONDS = 5;

    /** Times alone. */
    public Requirements(
            @Nullable Integer drainDelaySeconds,
            @Nullable Integer shutdownSeconds,
            @Nullable Integer marginSeconds,
            @Nullable Integer maxTerminationGracePeriodSeconds) {
        this(drainDelaySeconds, shutdownSeconds, marginSeconds, maxTerminationGracePeriodSeconds, null);
    }
}
