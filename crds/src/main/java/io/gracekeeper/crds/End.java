package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one pod ended, by the container that ended worst.
 *
 * @param pod its name
 * @param container the container that decided
 * @param result what happened
 * @param cause why the pod was ended
 * @param exitCode of that container; null where nobody saw it
 * @param t0 when its termination was asked for; null where nobody saw it
 * @param grace seconds that it was given; null where nobody saw it
 * @param endedAfter seconds from {@code t0} to the end of that container; null where nobody saw it
 * @param settings whether it had the termination settings of the workload's current template; null where nobody saw it
 * @param findings what else was noticed, for instance {@code PreStopConsumedGrace}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record End(
        @JsonPropertyDescription("Name of the pod.") String pod,

        @JsonPropertyDescription("The container that ended worst.") @Nullable
        String container,

        @JsonPropertyDescription("What happened.") EndResult result,
        @JsonPropertyDescription("Why the pod was ended.") EndCause cause,

        @JsonPropertyDescription("Exit code of that container.") @Nullable
        Integer exitCode,

        @JsonPropertyDescription("When the termination was asked for.") @Nullable
        Instant t0,

        @JsonPropertyDescription("Seconds that the pod was given.") @Nullable
        Long grace,

        @JsonPropertyDescription("Seconds from t0 to the end of that container.") @Nullable
        Long endedAfter,

        @JsonPropertyDescription("Whether the pod had the termination settings of the current template.") @Nullable
        EndSettings settings,

        @JsonPropertyDescription("What else was noticed.") @Nullable
        List<String> findings) {}
