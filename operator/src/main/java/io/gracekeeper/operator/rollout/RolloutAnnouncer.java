package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.EndResult;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.operator.event.EventReason;
import io.gracekeeper.policy.rollout.JudgedEnd;
import io.gracekeeper.policy.rollout.VerdictText;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what an audit found: in the log, as metrics and as an Event on the Deployment. Called after the status is written. */
final class RolloutAnnouncer {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutAnnouncer.class);

    private final RolloutEvents events;
    private final MeterRegistry meters;

    RolloutAnnouncer(RolloutEvents events, MeterRegistry meters) {
        this.events = events;
        this.meters = meters;
    }

    void announce(Deployment deployment, AuditState audit, AuditState.Written news) {
        for (JudgedEnd judged : news.ends()) {
            meters.counter(
                            "gracekeeper.pod.ends",
                            "result",
                            judged.end().result().word(),
                            "cause",
                            judged.end().cause().word())
                    .increment();
        }
        announceOthers(deployment, audit, news.ends());
        RolloutAuditStatus status = audit.status();
        if (news.closes() && status != null && status.verdict() != null && status.counts() != null) {
            announceVerdict(deployment, audit, status.verdict(), status.counts(), status.ends(), news.ends());
        }
    }

    private void announceVerdict(
            Deployment deployment,
            AuditState audit,
            Verdict verdict,
            EndCounts counts,
            @Nullable List<End> ends,
            List<JudgedEnd> judged) {
        meters.counter("gracekeeper.rollouts", "verdict", verdict.word()).increment();
        String name = audit.object().getMetadata().getName();
        LOG.atInfo()
                .addKeyValue("namespace", deployment.getMetadata().getNamespace())
                .addKeyValue("audit", name)
                .addKeyValue("verdict", verdict.word())
                .addKeyValue("expected", counts.expected())
                .addKeyValue("forced", counts.forced())
                .addKeyValue("unseen", counts.unseen())
                .log("rollout audited");
        String text = "Rollout " + audit.revision() + ": " + VerdictText.sentence(verdict, counts);
        String see = " See rolloutaudit/" + name;
        String first = ends == null || ends.isEmpty() ? "" : " First " + describe(ends.getFirst(), judged) + ".";
        switch (verdict) {
            case FORCED_KILL -> events.publish(deployment, EventReason.FORCED_KILL, text + "." + first + see);
            case UNGRACEFUL -> events.publish(deployment, EventReason.UNGRACEFUL, text + "." + first + see);
            case UNVERIFIED -> events.publish(deployment, EventReason.UNVERIFIED, text + "." + see);
            case NO_FORCED_KILL -> events.publish(deployment, EventReason.NO_FORCED_KILL, text);
            case NOTHING_ENDED, IN_PROGRESS -> {
                // Nothing that somebody would want to be told.
            }
        }
    }

    /** A kill outside the rollout is worth an Event too: a scale-in loses the same work. */
    private void announceOthers(Deployment deployment, AuditState audit, List<JudgedEnd> ends) {
        List<JudgedEnd> killed = ends.stream()
                .filter(judged -> !judged.ofRollout() && judged.end().result() == EndResult.FORCED_KILL)
                .toList();
        if (killed.isEmpty()) {
            return;
        }
        End first = killed.getFirst().end();
        events.publish(
                deployment,
                EventReason.FORCED_KILL,
                "%s: %d %s killed at the end of the grace. First %s. See rolloutaudit/%s"
                        .formatted(
                                first.cause().word(),
                                killed.size(),
                                killed.size() == 1 ? "pod was" : "pods were",
                                describe(first, killed),
                                audit.object().getMetadata().getName()));
    }

    /** For instance {@code checkout-7d4f-x2x9k/app: exit 137 at 35 s (grace 35 = preStop 10 + 25)}. */
    private static String describe(End end, List<JudgedEnd> judged) {
        StringBuilder text = new StringBuilder(end.pod());
        if (end.container() != null) {
            text.append('/').append(end.container());
        }
        if (end.exitCode() != null) {
            text.append(": exit ").append(end.exitCode());
        }
        if (end.endedAfter() != null) {
            text.append(" at ").append(end.endedAfter()).append(" s");
        }
        Long grace = end.grace();
        if (grace == null) {
            return text.toString();
        }
        Long preStop = judged.stream()
                .filter(j -> j.end().equals(end))
                .map(JudgedEnd::preStopSeconds)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        text.append(" (grace ").append(grace);
        if (preStop != null) {
            text.append(" = preStop ").append(preStop).append(" + ").append(grace - preStop);
        }
        return text.append(')').toString();
    }
}
