package io.gracekeeper.policy.rollout;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.gracekeeper.crds.ConditionTypes;
import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The conditions of an audit; the time of each moves only when its status does. */
final class AuditConditions {
    private final List<Condition> before;
    private final Instant now;

    AuditConditions(List<Condition> before, Instant now) {
        this.before = before;
        this.now = now;
    }

    Condition complete(Verdict verdict, EndCounts counts, RolloutObservation observation) {
        String sentence = VerdictText.sentence(verdict, counts);
        if (verdict != Verdict.IN_PROGRESS) {
            String reason = observation.phase() == RolloutPhase.SUPERSEDED ? "Superseded" : "EveryEndJudged";
            return condition(ConditionTypes.COMPLETE, "True", kept(ConditionTypes.COMPLETE, "True", reason), sentence);
        }
        String reason = observation.phase() == RolloutPhase.ROLLING ? "RolloutInProgress" : "PodsTerminating";
        return condition(ConditionTypes.COMPLETE, "False", reason, sentence);
    }

    Condition forcedKillFree(Verdict verdict, EndCounts counts, List<End> ends) {
        if (counts.forced() > 0) {
            return condition(
                    ConditionTypes.FORCED_KILL_FREE,
                    "False",
                    "ForcedKill",
                    VerdictText.sentence(Verdict.FORCED_KILL, counts));
        }
        String sentence = VerdictText.sentence(verdict, counts);
        return switch (verdict) {
            case NO_FORCED_KILL, NOTHING_ENDED ->
                condition(ConditionTypes.FORCED_KILL_FREE, "True", verdict.word(), sentence);
            case UNGRACEFUL -> {
                String status = allSeen(counts, ends) ? "True" : "Unknown";
                yield condition(ConditionTypes.FORCED_KILL_FREE, status, verdict.word(), sentence);
            }
            case IN_PROGRESS, UNVERIFIED, FORCED_KILL ->
                condition(ConditionTypes.FORCED_KILL_FREE, "Unknown", verdict.word(), sentence);
        };
    }

    /**
     * Whether every main container of every pod was seen to end. A pod that counts as an error may have another container
     * whose end nobody saw; that stands in its findings, and those are known only while every bad end is listed.
     */
    private static boolean allSeen(EndCounts counts, List<End> ends) {
        boolean allListed = counts.error() + counts.oom() < RolloutAuditStatus.MAX_ENDS;
        boolean noneHidden = ends.stream()
                .map(End::findings)
                .filter(findings -> findings != null)
                .flatMap(List::stream)
                .noneMatch(finding -> Finding.isUnseenContainer(finding));
        return counts.unseen() == 0 && allListed && noneHidden;
    }

    /** A closed audit keeps the reason it was closed with. */
    private String kept(String type, String status, String reason) {
        return before.stream()
                .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
                .map(Condition::getReason)
                .findFirst()
                .orElse(reason);
    }

    private Condition condition(String type, String status, String reason, String message) {
        String since = before.stream()
                .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .build();
    }
}
