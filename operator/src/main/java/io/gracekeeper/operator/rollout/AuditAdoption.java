package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.gracekeeper.crds.EndCounts;
import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.policy.AuditSettings;
import io.gracekeeper.policy.rollout.CauseFacts;
import io.gracekeeper.policy.rollout.PodTermination;
import io.gracekeeper.policy.rollout.RolloutAuditor;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes over an audit that somebody else wrote: this process before it was restarted, or the leader before this one.
 *
 * <p>A replica that had been watching takes over without a gap: it heard of the audit being written, so somebody led then, and
 * its own ledger has what happened since.
 */
final class AuditAdoption {
    private final ClusterView cluster;
    private final Instant watchingSince;

    AuditAdoption(ClusterView cluster, Instant watchingSince) {
        this.cluster = cluster;
        this.watchingSince = watchingSince;
    }

    /** The audit as it is to be followed; empty if it is none of ours. */
    Optional<AuditState> adopt(
            RolloutAudit audit, AuditSettings settings, Deployment deployment, List<ReplicaSet> replicaSets) {
        long revision = RolloutTracker.revision(audit);
        boolean closed = RolloutAuditor.wasClosed(audit.getStatus());
        if (revision == 0) {
            return Optional.empty();
        }
        Optional<Instant> heard = cluster.lastHeard(audit);
        AuditState state = new AuditState(
                revision,
                audit,
                settings,
                PodReader.settings(template(revision, deployment, replicaSets)),
                heard.orElse(null));
        RolloutAuditStatus status = audit.getStatus();
        if (status == null || status.counts() == null) {
            // Created, and its first status never written: which pods it was to expect is lost.
            state.gap(new Gap(null, watchingSince));
        } else if (!closed) {
            if (heard.isEmpty()) {
                state.gap(new Gap(lastWrite(audit), watchingSince));
            }
            unlisted(state, status.counts());
        }
        return Optional.of(state);
    }

    /** Expected pods that had no room in {@code pending}: nobody knows any more which they were. */
    private static void unlisted(AuditState state, EndCounts counts) {
        int judged = counts.clean() + counts.forced() + counts.oom() + counts.error() + counts.unseen();
        int lost = counts.expected() - judged - state.pending().size();
        for (int i = 1; i <= lost; i++) {
            state.end(PodTermination.unseen("not listed " + i, new CauseFacts(null, null, null, true, true)));
        }
    }

    private static @Nullable PodSpec template(long revision, Deployment deployment, List<ReplicaSet> replicaSets) {
        return replicaSets.stream()
                .filter(rs -> ReplicaSetBook.revision(rs.getMetadata().getAnnotations()) == revision)
                .map(rs -> rs.getSpec().getTemplate())
                .findFirst()
                .orElse(deployment.getSpec().getTemplate())
                .getSpec();
    }

    private static @Nullable Instant lastWrite(RolloutAudit audit) {
        return audit.getMetadata().getManagedFields().stream()
                .filter(entry -> "status".equals(entry.getSubresource()))
                .map(ManagedFieldsEntry::getTime)
                .map(PodReader::time)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
