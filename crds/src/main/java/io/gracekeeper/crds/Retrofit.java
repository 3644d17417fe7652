package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * How far the workloads that were there before the policy are.
 *
 * @param pending wait for their turn
 * @param rolling have been touched and are not settled yet
 * @param settled run with everything that is injected
 * @param skipped are left alone (paused, or injection can't make them compliant)
 * @param halted why no further workload is touched; absent while all is well
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Retrofit(
        @JsonPropertyDescription("Workloads that wait for their turn.")
        int pending,

        @JsonPropertyDescription("Workloads that were touched and are not settled yet.")
        int rolling,

        @JsonPropertyDescription("Workloads that run with everything that is injected.")
        int settled,

        @JsonPropertyDescription("Workloads that are left alone: paused, or beyond what injection can fix.")
        int skipped,

        @JsonPropertyDescription("Why no further workload is touched. Absent while all is well.") @Nullable
        Halt halted) {}
