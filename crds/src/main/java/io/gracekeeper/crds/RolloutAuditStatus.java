package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the ends so far.
 *
 * @param verdict the word for all of it
 * @param ended how many of how many, for instance {@code 5/6}
 * @param settings whether the ended pods had the termination settings of the workload's current template: Old, Current or Mixed
 * @param counts ends by result
 * @param pending uids of old pods that have not ended, at most 500
 * @param ends at most 20, worst first
 * @param other ends outside the rollout, by cause
 * @param gaps times in which nobody watched, at most 5
 * @param conditions Complete, ForcedKillFree
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutAuditStatus(
        @JsonPropertyDescription("InProgress until every expected end is judged; then one word for all of it.")
        @Nullable
        Verdict verdict,

        @JsonPropertyDescription("How many of the expected pods have ended, for instance 5/6.") @Nullable
        String ended,

        @JsonPropertyDescription(
                "Whether the pods that ended had the termination settings of the current template (Current), older ones (Old), or both (Mixed).")
        @Nullable
        EndSettings settings,

        @JsonPropertyDescription("Ends by result.") @Nullable
        EndCounts counts,

        @JsonPropertyDescription("Uids of old pods that have not ended, at most 500.") @Nullable
        List<String> pending,

        @JsonPropertyDescription("At most 20 ends, worst first.") @Nullable
        List<End> ends,

        @JsonPropertyDescription("Ends outside the rollout, by cause: ScaleIn, Eviction, Node, External.") @Nullable
        Map<String, OtherEnds> other,

        @JsonPropertyDescription("Times in which nobody watched, at most 5.") @Nullable
        List<Gap> gaps,

        @JsonPropertyDescription("Complete, ForcedKillFree.") @Nullable
        List<Condition> conditions) {
    /** The most uids that {@code pending} holds. */
    public static final int MAX_PENDING = 500;

    /** The most ends that are listed. */
    public static final int MAX_ENDS = 20;

    /** The most gaps that are listed. */
    public static final int MAX_GAPS = 5;
}
