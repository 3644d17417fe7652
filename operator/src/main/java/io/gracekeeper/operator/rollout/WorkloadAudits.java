package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.policy.rollout.CauseFacts;
import io.gracekeeper.policy.rollout.Evidence;
import io.gracekeeper.policy.rollout.PodTermination;
import io.gracekeeper.policy.rollout.RolloutPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The audits of one Deployment, as the leader follows them: which pods each expects, and which end belongs to which. Used by
 * one thread.
 */
final class WorkloadAudits {
    /** Cache and ledger are filled by the same watch, one a moment after the other. */
    private static final Duration MISSING = Duration.ofSeconds(5);

    /** Longer than a kubelet needs after the grace, even if it restarts and gives the grace again. */
    private static final Duration STUCK = Duration.ofMinutes(5);

    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** Ends may come in for a while after newer revisions began; no policy keeps more audits. */
    private static final int REMEMBERED = 10;

    private final String uid;
    private final Timeline timeline;
    private final PodTerminationLedger ledger;
    private final ReplicaSetBook replicaSets;
    private final ClusterView cluster;
    private final NavigableMap<Long, AuditState> audits = new TreeMap<>();
    private final Set<String> judged = new HashSet<>();

    WorkloadAudits(
            String uid,
            Timeline timeline,
            PodTerminationLedger ledger,
            ReplicaSetBook replicaSets,
            ClusterView cluster) {
        this.uid = uid;
        this.timeline = timeline;
        this.ledger = ledger;
        this.replicaSets = replicaSets;
        this.cluster = cluster;
    }

    Collection<AuditState> audits() {
        return audits.values();
    }

    Optional<AuditState> audit(long revision) {
        return Optional.ofNullable(audits.get(revision));
    }

    /** The newest revision that has an audit; 0 if none has. */
    long newestAudit() {
        return audits.isEmpty() ? 0 : audits.lastKey();
    }

    void put(AuditState audit) {
        audits.put(audit.revision(), audit);
    }

    void remove(AuditState audit) {
        audits.remove(audit.revision());
    }

    boolean busy() {
        return audits.values().stream().anyMatch(audit -> !audit.closed() || audit.unwritten());
    }

    /** Hands what has not begun to end to the rollout of {@code revision}; the rest stays with the older audits. */
    void supersede(Revision revision) {
        for (AuditState older : audits.headMap(revision.number(), false).values()) {
            if (!older.closed()) {
                older.supersede(pod -> endsWith(pod, revision));
            }
        }
        while (audits.size() > REMEMBERED && audits.firstEntry().getValue().closed()) {
            audits.pollFirstEntry();
        }
    }

    private boolean endsWith(String pod, Revision revision) {
        Optional<LedgerEntry> entry = ledger.get(pod);
        if (entry.isEmpty()) {
            return cluster.pod(pod).isPresent();
        }
        Instant t0 = entry.get().t0();
        return t0 == null ? entry.get().endedAt() == null : !t0.isBefore(revision.start());
    }

    /** Expects the end of every old pod that is not on its way to an older audit. */
    void expect(AuditState audit, Revision revision) {
        for (ReplicaSet replicaSet : replicaSets.of(uid)) {
            String owner = replicaSet.getMetadata().getUid();
            if (!owner.equals(revision.replicaSetUid())) {
                cluster.podsOf(owner).stream()
                        .filter(pod -> expected(pod, audit, revision))
                        .map(pod -> pod.getMetadata().getUid())
                        .sorted()
                        .forEach(audit.pending()::add);
            }
        }
    }

    private boolean expected(Pod pod, AuditState audit, Revision revision) {
        String podUid = pod.getMetadata().getUid();
        Instant t0 = ledger.get(podUid).map(LedgerEntry::t0).orElse(null);
        return !PodReader.terminal(pod)
                && !audit.pending().contains(podUid)
                && !judged.contains(podUid)
                && (t0 == null || !t0.isBefore(revision.start()))
                && audits.values().stream().noneMatch(other -> other.pending().contains(podUid));
    }

    /** Takes in what ended since the last time. */
    void collect(List<LedgerEntry> entries, Instant now) {
        for (LedgerEntry entry : entries) {
            if (judged.contains(entry.uid()) || !isFinal(entry, now)) {
                continue;
            }
            judged.add(entry.uid());
            auditFor(entry).ifPresent(audit -> audit.end(termination(entry, audit, entry.evidence())));
        }
        audits.values().forEach(audit -> collectMissing(audit, now));
        judged.removeIf(pod -> ledger.get(pod).isEmpty() && cluster.pod(pod).isEmpty());
    }

    /** Whether nothing more is to be learned about an end. */
    private static boolean isFinal(LedgerEntry entry, Instant now) {
        Instant at = entry.finalAt();
        return entry.lowered() != null && at != null && !at.isAfter(now);
    }

    private Optional<AuditState> auditFor(LedgerEntry entry) {
        for (AuditState audit : audits.values()) {
            if (audit.pending().contains(entry.uid())) {
                return Optional.of(audit);
            }
        }
        Instant finalAt = entry.finalAt();
        boolean overBeforeWeWatched = entry.fromList() && entry.since().equals(entry.terminalAt());
        return auditAt(entry.t0())
                .filter(audit -> !overBeforeWeWatched
                        && finalAt != null
                        && !audit.writtenByOthers(finalAt)
                        && !(old(entry, audit) && wasStuck(entry)));
    }

    /** The audit of the newest revision at a t0; the newest one there is where no t0 was seen. */
    private Optional<AuditState> auditAt(@Nullable Instant t0) {
        Optional<Revision> revision = t0 == null ? timeline.newest() : timeline.at(t0);
        if (revision.isPresent()) {
            return Optional.ofNullable(audits.get(revision.get().number()));
        }
        return timeline.oldest()
                .map(oldest -> audits.lowerEntry(oldest.number()))
                .map(Map.Entry::getValue);
    }

    /** Whether it was given up, and counted as unseen, before it ended after all. */
    private static boolean wasStuck(LedgerEntry entry) {
        Instant endedAt = entry.endedAt();
        return endedAt != null && stuckAt(entry).isBefore(endedAt);
    }

    private static Instant stuckAt(LedgerEntry entry) {
        Long grace = entry.grace();
        return entry.since().plusSeconds(grace == null ? 0 : grace).plus(STUCK);
    }

    private void collectMissing(AuditState audit, Instant now) {
        for (String pod : List.copyOf(audit.pending())) {
            Optional<LedgerEntry> entry = ledger.get(pod);
            if (entry.isPresent() && stuck(entry.get(), now)) {
                judged.add(pod);
                audit.end(termination(entry.get(), audit, Evidence.STUCK_TERMINATING));
            } else if (entry.isPresent() || cluster.pod(pod).isPresent()) {
                audit.found(pod);
            } else if (!audit.missing(pod, now).plus(MISSING).isAfter(now)) {
                audit.end(PodTermination.unseen(pod, new CauseFacts(null, null, null, true, true)));
            }
        }
    }

    private static boolean stuck(LedgerEntry entry, Instant now) {
        return entry.endedAt() == null && stuckAt(entry).isBefore(now);
    }

    private boolean old(LedgerEntry entry, AuditState audit) {
        return audit.pending().contains(entry.uid())
                || timelineReplicaSet(audit)
                        .map(rs -> !rs.equals(entry.replicaSetUid()))
                        .orElse(true);
    }

    private Optional<String> timelineReplicaSet(AuditState audit) {
        return replicaSets.of(uid).stream()
                .filter(rs -> ReplicaSetBook.revision(rs.getMetadata().getAnnotations()) == audit.revision())
                .map(rs -> rs.getMetadata().getUid())
                .findFirst()
                .or(() -> timeline.newest()
                        .filter(newest -> newest.number() == audit.revision())
                        .map(Revision::replicaSetUid));
    }

    private PodTermination termination(LedgerEntry entry, AuditState audit, @Nullable Evidence evidence) {
        boolean old = old(entry, audit);
        String owner = entry.replicaSetUid();
        boolean lowered = Boolean.TRUE.equals(entry.lowered()) || (old && owner != null && replicaSets.emptied(owner));
        return new PodTermination(
                entry.uid(),
                entry.name(),
                entry.t0(),
                entry.grace(),
                entry.shortenedGrace(),
                evidence == null ? Evidence.GONE_UNSEEN : evidence,
                new CauseFacts(entry.reasonAtStart(), entry.disruptionAtStart(), entry.disruptionAtEnd(), old, lowered),
                entry.settings().equals(audit.currentSettings()) ? EndSettings.CURRENT : EndSettings.OLD,
                entry.containers());
    }

    /** Judges every audit that is open or has news. */
    void assess(Deployment deployment, Instant now) {
        long newest = timeline.newest().map(Revision::number).orElse(0L);
        for (AuditState audit : audits.values()) {
            audit.assess(phase(audit, deployment, newest, now), now);
        }
    }

    private static RolloutPhase phase(AuditState audit, Deployment deployment, long newest, Instant now) {
        if (audit.superseded() || audit.revision() < newest) {
            return RolloutPhase.SUPERSEDED;
        }
        Instant since = audit.settled(RevisionReader.complete(deployment, audit.revision()), now);
        return since != null && !since.plus(SETTLED).isAfter(now) ? RolloutPhase.SETTLED : RolloutPhase.ROLLING;
    }
}
