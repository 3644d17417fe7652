package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.operator.leader.Refusals;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.policy.rollout.RolloutAuditor;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes audits and then announces what they say: a status is a record, an Event is not, so the record comes first.
 *
 * <p>The first write of an audit and the one that closes it are made at once; in between at most one in {@link #COALESCE}. All
 * writes come out of the budget that the operator has for a second. What can't be written stays in mind and is tried again.
 */
final class AuditWriter {
    static final Duration COALESCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);

    private final AuditStore store;
    private final RolloutAnnouncer announcer;
    private final WriteBudget budget;

    /** What became of an attempt. */
    enum Outcome {
        /** Nothing was due, or it is written, or it will be tried again. */
        DONE,
        /** Somebody else wrote this audit: what we have in mind of it is out of date. */
        CONFLICT,
        /** Somebody deleted this audit. */
        GONE
    }

    AuditWriter(AuditStore store, RolloutAnnouncer announcer, WriteBudget budget) {
        this.budget = budget;
        this.store = store;
        this.announcer = announcer;
    }

    /** Writes an audit if that is due. */
    Outcome write(AuditState audit, Deployment deployment, Instant now) {
        if (!audit.unwritten() || !due(audit, now) || !budget.take(audit.created() ? 1 : 2, now)) {
            return Outcome.DONE;
        }
        try {
            if (!audit.created()) {
                audit.wasCreated(store.create(audit.object()));
            }
            RolloutAudit written = store.writeStatus(audit.object(), Objects.requireNonNull(audit.status()));
            AuditState.Written news = audit.wasWritten(written, now);
            announcer.announce(deployment, audit, news);
            return Outcome.DONE;
        } catch (KubernetesClientException e) {
            return failed(audit, e, now);
        }
    }

    private static boolean due(AuditState audit, Instant now) {
        Instant notBefore = audit.notBefore();
        if (notBefore != null && notBefore.isAfter(now)) {
            return false;
        }
        Instant last = audit.writtenAt();
        return audit.urgent() || last == null || !last.plus(COALESCE).isAfter(now);
    }

    private Outcome failed(AuditState audit, KubernetesClientException e, Instant now) {
        audit.failed(now);
        LOG.atLevel(Refusals.isOfGoingNamespace(e) ? Level.DEBUG : Level.WARN)
                .addKeyValue("namespace", audit.object().getMetadata().getNamespace())
                .addKeyValue("audit", audit.object().getMetadata().getName())
                .addKeyValue("code", e.getCode())
                .addKeyValue("reason", e.getMessage())
                .log("audit not written, it is tried again");
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_CONFLICT -> {
                if (!audit.created()) {
                    removeNamesake(audit);
                }
                yield Outcome.CONFLICT;
            }
            case HttpURLConnection.HTTP_NOT_FOUND -> audit.created() ? Outcome.GONE : Outcome.DONE;
            default -> Outcome.DONE;
        };
    }

    /** An audit of a workload that had the same name and is gone would keep this one out until it is collected. */
    private void removeNamesake(AuditState audit) {
        try {
            RolloutAudit namesake = store.get(
                    audit.object().getMetadata().getNamespace(),
                    audit.object().getMetadata().getName());
            String wanted = audit.object().getSpec().workload().uid();
            if (!wanted.equals(namesake.getSpec().workload().uid())) {
                store.delete(namesake);
            }
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("audit", audit.object().getMetadata().getName())
                    .addKeyValue("code", e.getCode())
                    .log("an audit of the same name could not be looked at");
        }
    }

    /** Deletes closed audits beyond the newest {@code limit}. Failures wait for the next time. */
    void prune(List<RolloutAudit> audits, int limit, Instant now) {
        Map<RolloutAudit, Long> revisions = new HashMap<>();
        audits.forEach(audit -> revisions.put(audit, RolloutTracker.revision(audit)));
        List<RolloutAudit> tooOld = audits.stream()
                .sorted(Comparator.comparing(revisions::get, Comparator.reverseOrder()))
                .skip(limit)
                .filter(audit -> RolloutAuditor.wasClosed(audit.getStatus()))
                .toList();
        for (RolloutAudit audit : tooOld) {
            if (!budget.take(1, now)) {
                return;
            }
            try {
                store.delete(audit);
            } catch (KubernetesClientException e) {
                LOG.atWarn()
                        .addKeyValue("audit", audit.getMetadata().getName())
                        .addKeyValue("code", e.getCode())
                        .log("an audit beyond historyLimit could not be deleted");
            }
        }
    }
}
