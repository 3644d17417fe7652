package io.gracekeeper.policy.rollout;

import io.fabric8.kubernetes.api.model.Condition;
import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndCause;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.EndResult;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.OtherEnds;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.policy.AuditSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folds what was seen of a rollout into its audit.
 *
 * <p>The same ends give the same counts, however they are dealt out over calls. An end of the rollout stands in
 * {@code counts}, every other one in {@code other}: never in both, never in none.
 */
public final class RolloutAuditor {
    private static final EndCounts NOTHING = new EndCounts(0, 0, 0, 0, 0, 0);

    /** Worst first; among equals the rollout's own, then the oldest, so that the list does not jump. */
    private static final Comparator<End> WORST_FIRST = Comparator.comparing(End::result)
            .reversed()
            .thenComparing(End::cause)
            .thenComparing(End::t0, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(End::pod);

    private RolloutAuditor() {}

    /** What the audit says after {@code observation}. */
    public static RolloutAssessment audit(RolloutObservation observation, AuditSettings settings) {
        TerminationJudge judge = new TerminationJudge(settings.cleanExitCodes());
        List<JudgedEnd> ends = observation.ended().stream()
                .map(judge::judge)
                .flatMap(Optional::stream)
                .toList();
        RolloutAuditStatus previous = observation.previous();
        List<End> ofRollout =
                ends.stream().filter(JudgedEnd::ofRollout).map(JudgedEnd::end).toList();
        EndCounts counts = counts(
                previous == null ? null : previous.counts(),
                ofRollout,
                observation.pending().size());
        List<Gap> gaps = gaps(previous == null ? null : previous.gaps(), observation.gaps());
        boolean closed = wasClosed(previous)
                || (observation.phase() != RolloutPhase.ROLLING
                        && observation.pending().isEmpty());
        Verdict verdict = closed ? verdict(counts, gaps) : Verdict.IN_PROGRESS;
        List<End> listed = listed(previous == null ? null : previous.ends(), ends);
        RolloutAuditStatus status = new RolloutAuditStatus(
                verdict,
                (counts.expected() - observation.pending().size()) + "/" + counts.expected(),
                settings(previous == null ? null : previous.settings(), ofRollout),
                counts,
                observation.pending().stream()
                        .limit(RolloutAuditStatus.MAX_PENDING)
                        .toList(),
                listed,
                others(previous == null ? null : previous.other(), ends),
                gaps,
                conditions(previous, verdict, counts, listed, observation));
        return new RolloutAssessment(status, ends);
    }

    /** Whether a status is final: only ends outside the rollout can be added to it. */
    public static boolean wasClosed(@Nullable RolloutAuditStatus status) {
        return status != null && status.verdict() != null && status.verdict() != Verdict.IN_PROGRESS;
    }

    private static EndCounts counts(@Nullable EndCounts before, List<End> ends, int pending) {
        EndCounts base = before == null ? NOTHING : before;
        int clean = base.clean() + count(ends, EndResult.CLEAN);
        int forced = base.forced() + count(ends, EndResult.FORCED_KILL);
        int oom = base.oom() + count(ends, EndResult.OOM_KILLED);
        int error = base.error() + count(ends, EndResult.ERROR);
        int unseen = base.unseen() + count(ends, EndResult.UNSEEN);
        return new EndCounts(clean + forced + oom + error + unseen + pending, clean, forced, oom, error, unseen);
    }

    private static int count(List<End> ends, EndResult result) {
        return (int) ends.stream().filter(end -> end.result() == result).count();
    }

    private static Verdict verdict(EndCounts counts, List<Gap> gaps) {
        if (counts.forced() > 0) {
            return Verdict.FORCED_KILL;
        }
        if (counts.oom() > 0 || counts.error() > 0) {
            return Verdict.UNGRACEFUL;
        }
        // A rollout whose start nobody saw may have ended pods that nobody knows of.
        if (counts.unseen() > 0 || gaps.stream().anyMatch(gap -> gap.from() == null)) {
            return Verdict.UNVERIFIED;
        }
        return counts.expected() == 0 ? Verdict.NOTHING_ENDED : Verdict.NO_FORCED_KILL;
    }

    private static @Nullable EndSettings settings(@Nullable EndSettings before, List<End> ends) {
        List<EndSettings> all = Stream.concat(
                        Stream.ofNullable(before),
                        ends.stream().map(End::settings).filter(s -> s != null))
                .distinct()
                .toList();
        if (all.isEmpty()) {
            return null;
        }
        return all.size() == 1 ? all.getFirst() : EndSettings.MIXED;
    }

    private static List<End> listed(@Nullable List<End> before, List<JudgedEnd> ends) {
        return Stream.concat(
                        before == null ? Stream.of() : before.stream(),
                        ends.stream().map(JudgedEnd::end))
                .sorted(WORST_FIRST)
                .limit(RolloutAuditStatus.MAX_ENDS)
                .toList();
    }

    private static Map<String, OtherEnds> others(@Nullable Map<String, OtherEnds> before, List<JudgedEnd> ends) {
        Map<String, OtherEnds> others = new TreeMap<>(before == null ? Map.of() : before);
        for (JudgedEnd judged : ends) {
            if (judged.end().cause() != EndCause.ROLLOUT) {
                int forced = judged.end().result() == EndResult.FORCED_KILL ? 1 : 0;
                others.merge(
                        judged.end().cause().word(),
                        new OtherEnds(1, forced),
                        (a, b) -> new OtherEnds(a.ended() + b.ended(), a.forced() + b.forced()));
            }
        }
        return others;
    }

    /** At most {@link RolloutAuditStatus#MAX_GAPS}; the last one grows over what has no room, so that nothing is hidden. */
    private static List<Gap> gaps(@Nullable List<Gap> before, List<Gap> added) {
        List<Gap> gaps = new ArrayList<>(before == null ? List.of() : before);
        for (Gap gap : added) {
            if (gaps.size() < RolloutAuditStatus.MAX_GAPS) {
                gaps.add(gap);
            } else {
                Gap last = gaps.removeLast();
                Instant from = gap.from() == null ? null : last.from();
                gaps.add(new Gap(from, gap.to()));
            }
        }
        return List.copyOf(gaps);
    }

    private static List<Condition> conditions(
            @Nullable RolloutAuditStatus previous,
            Verdict verdict,
            EndCounts counts,
            List<End> ends,
            RolloutObservation observation) {
        AuditConditions conditions = new AuditConditions(
                previous == null || previous.conditions() == null ? List.of() : previous.conditions(),
                observation.now());
        return List.of(
                conditions.complete(verdict, counts, observation), conditions.forcedKillFree(verdict, counts, ends));
    }
}
