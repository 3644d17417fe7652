package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditSpec;
import io.gracekeeper.crds.WorkloadReference;
import io.gracekeeper.policy.AuditSettings;
import io.gracekeeper.policy.rollout.RolloutPhase;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows every Deployment. On each replica it keeps the revisions and settles what the ledger leaves open; on the leader it
 * also begins audits, hands each end to the one it belongs to, and has them written.
 *
 * <p>All its work is done in {@link #pass}, by one thread; only {@link #changed} may be called by others.
 */
final class RolloutTracker {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutTracker.class);

    private final ClusterView cluster;
    private final ReplicaSetBook replicaSets;
    private final PodTerminationLedger ledger;
    private final WatchLog watch;
    private final AuditPolicies policies;
    private final AuditWriter writer;
    private final BooleanSupplier isLeader;
    private final Clock clock;

    private final Set<String> changed = new HashSet<>();
    private final Map<String, Timeline> timelines = new HashMap<>();
    private final Map<String, WorkloadAudits> workloads = new HashMap<>();
    /** The revision of each Deployment that is not audited: nobody asked, it began before we came, or its audit was deleted. */
    private final Map<String, Long> unaudited = new HashMap<>();

    RolloutTracker(
            ClusterView cluster,
            ReplicaSetBook replicaSets,
            PodTerminationLedger ledger,
            WatchLog watch,
            AuditPolicies policies,
            AuditWriter writer,
            BooleanSupplier isLeader,
            Clock clock) {
        this.cluster = cluster;
        this.replicaSets = replicaSets;
        this.ledger = ledger;
        this.watch = watch;
        this.policies = policies;
        this.writer = writer;
        this.isLeader = isLeader;
        this.clock = clock;
    }

    /** Says that a Deployment, or one of its ReplicaSets, is not as it was. */
    void changed(String deploymentUid) {
        synchronized (changed) {
            changed.add(deploymentUid);
        }
    }

    /** Does all that is to be done now. To be called about once a second. */
    void pass() {
        Instant now = clock.instant();
        ledger.purge(now);
        replicaSets.purge(now);
        noteRevisions(now);
        settleCauses(now);
        List<Gap> breaks = watch.takeBreaks();
        if (!isLeader.getAsBoolean()) {
            workloads.clear();
            unaudited.clear();
            return;
        }
        Map<String, List<LedgerEntry>> entries = entriesByWorkload();
        for (Map.Entry<String, Timeline> known : timelines.entrySet()) {
            cluster.deployment(known.getKey())
                    .ifPresent(deployment -> follow(
                            deployment,
                            known.getValue(),
                            entries.getOrDefault(known.getKey(), List.of()),
                            breaks,
                            now));
        }
    }

    /** Writes what is still unwritten, without waiting for its turn. For the end of a process. */
    void flush() {
        if (isLeader.getAsBoolean()) {
            Instant later = clock.instant().plus(AuditWriter.COALESCE);
            workloads.forEach((uid, workload) -> cluster.deployment(uid)
                    .ifPresent(
                            deployment -> workload.audits().forEach(audit -> writer.write(audit, deployment, later))));
        }
    }

    private void noteRevisions(Instant now) {
        List<String> uids;
        synchronized (changed) {
            uids = List.copyOf(changed);
            changed.clear();
        }
        for (String uid : uids) {
            Optional<Deployment> deployment = cluster.deployment(uid);
            if (deployment.isEmpty()) {
                timelines.remove(uid);
                workloads.remove(uid);
                unaudited.remove(uid);
                continue;
            }
            RevisionReader.newest(deployment.get(), replicaSets.of(uid), now)
                    .ifPresent(revision -> timelines
                            .computeIfAbsent(uid, key -> new Timeline())
                            .note(revision));
        }
    }

    private void settleCauses(Instant now) {
        for (LedgerEntry entry : ledger.entries()) {
            String owner = entry.replicaSetUid();
            if (entry.lowered() == null
                    && !entry.since().plus(LedgerEntry.CAUSE_SETTLES).isAfter(now)) {
                boolean lowered = owner != null
                        && entry.reasonAtStart() == null
                        && entry.disruptionAtStart() == null
                        && replicaSets.takeOwed(owner, entry.since());
                ledger.change(entry.uid(), e -> e.withLowered(lowered));
            }
        }
    }

    private Map<String, List<LedgerEntry>> entriesByWorkload() {
        Map<String, String> awaitedBy = new HashMap<>();
        workloads.forEach((uid, workload) ->
                workload.audits().forEach(audit -> audit.pending().forEach(pod -> awaitedBy.put(pod, uid))));
        Map<String, List<LedgerEntry>> entries = new HashMap<>();
        for (LedgerEntry entry : ledger.entries()) {
            replicaSets
                    .deploymentOf(entry.replicaSetUid())
                    .or(() -> Optional.ofNullable(awaitedBy.get(entry.uid())))
                    .ifPresent(uid -> entries.computeIfAbsent(uid, key -> new ArrayList<>())
                            .add(entry));
        }
        return entries;
    }

    private void follow(
            Deployment deployment, Timeline timeline, List<LedgerEntry> entries, List<Gap> breaks, Instant now) {
        String uid = deployment.getMetadata().getUid();
        Optional<Revision> newest = timeline.newest();
        if (newest.isEmpty()) {
            return;
        }
        WorkloadAudits workload = workloads.get(uid);
        if (workload == null) {
            workload = adopt(deployment, timeline, newest.get(), now);
            workloads.put(uid, workload);
        }
        Revision revision = newest.get();
        // Usually one; more when a leader came between two and could not write.
        long known = Math.max(workload.newestAudit(), unaudited.getOrDefault(uid, 0L));
        for (Revision begun : timeline.after(known)) {
            begin(deployment, workload, begun);
        }
        Optional<AuditState> current = workload.audit(revision.number());
        if (!workload.busy() && entries.isEmpty()) {
            return;
        }
        AuditSettings settings = settings(deployment);
        for (AuditState audit : workload.audits()) {
            audit.settings(settings);
            if (!audit.closed()) {
                breaks.forEach(audit::gap);
            }
        }
        if (current.isPresent() && !current.get().closed()) {
            workload.expect(current.get(), revision);
        }
        workload.collect(entries, now);
        workload.assess(deployment, now);
        write(deployment, workload, settings, now);
    }

    /** Reads back what was written before us, and says what was not watched. */
    private WorkloadAudits adopt(Deployment deployment, Timeline timeline, Revision newest, Instant now) {
        String uid = deployment.getMetadata().getUid();
        WorkloadAudits workload = new WorkloadAudits(uid, timeline, ledger, replicaSets, cluster);
        AuditAdoption adoption = new AuditAdoption(cluster, watchingSince(now));
        List<RolloutAudit> audits = cluster.auditsOf(uid);
        for (RolloutAudit audit : audits) {
            adoption.adopt(audit, settings(deployment), deployment, replicaSets.of(uid))
                    .ifPresent(workload::put);
        }
        if (workload.audit(newest.number()).isPresent()) {
            workload.supersede(newest);
        } else if (overBeforeUs(deployment, newest, audits.isEmpty(), now)) {
            unaudited.put(uid, newest.number());
        }
        return workload;
    }

    /** Whether a rollout without an audit is left without one: an audit made now could only claim what nobody saw. */
    private boolean overBeforeUs(Deployment deployment, Revision newest, boolean neverAudited, Instant now) {
        if (newest.start().isBefore(watchingSince(now))) {
            return neverAudited && !rolling(deployment, newest);
        }
        // We watched, somebody else led and found no reason for an audit, and our ledger has forgotten what there was.
        return newest.start().plus(PodTerminationLedger.RETENTION).isBefore(now);
    }

    private boolean rolling(Deployment deployment, Revision newest) {
        return !RevisionReader.complete(deployment, newest.number())
                && replicaSets.of(deployment.getMetadata().getUid()).stream()
                        .map(rs -> rs.getMetadata().getUid())
                        .filter(rs -> !rs.equals(newest.replicaSetUid()))
                        .anyMatch(rs -> !cluster.podsOf(rs).isEmpty());
    }

    private void begin(Deployment deployment, WorkloadAudits workload, Revision revision) {
        String uid = deployment.getMetadata().getUid();
        workload.supersede(revision);
        AuditSettings settings = settings(deployment);
        if (!settings.enabled()) {
            unaudited.put(uid, revision.number());
            return;
        }
        AuditState audit = new AuditState(
                revision.number(),
                newAudit(deployment, revision),
                settings,
                PodReader.settings(deployment.getSpec().getTemplate().getSpec()),
                null);
        Instant since = watchingSince(clock.instant());
        if (revision.start().isBefore(since)) {
            audit.gap(new Gap(null, since));
        }
        workload.expect(audit, revision);
        workload.put(audit);
        audit.assess(RolloutPhase.ROLLING, clock.instant());
        LOG.atInfo()
                .addKeyValue("namespace", deployment.getMetadata().getNamespace())
                .addKeyValue("audit", audit.object().getMetadata().getName())
                .addKeyValue("expected", audit.pending().size())
                .log("rollout begins");
    }

    private static RolloutAudit newAudit(Deployment deployment, Revision revision) {
        RolloutAudit audit = new RolloutAudit();
        String name = deployment.getMetadata().getName();
        String uid = deployment.getMetadata().getUid();
        audit.getMetadata().setNamespace(deployment.getMetadata().getNamespace());
        audit.getMetadata().setName(AuditNames.of(name, revision.number()));
        // Not the controller, and not blocking: the audit goes with its Deployment and never holds it up.
        audit.getMetadata()
                .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                        .withApiVersion("apps/v1")
                        .withKind("Deployment")
                        .withName(name)
                        .withUid(uid)
                        .build()));
        audit.setSpec(
                new RolloutAuditSpec(new WorkloadReference("Deployment", name, uid), Long.toString(revision.number())));
        return audit;
    }

    private void write(Deployment deployment, WorkloadAudits workload, AuditSettings settings, Instant now) {
        String uid = deployment.getMetadata().getUid();
        for (AuditState audit : List.copyOf(workload.audits())) {
            boolean wasCreated = audit.created();
            switch (writer.write(audit, deployment, now)) {
                case DONE -> {
                    if (!wasCreated && audit.created()) {
                        prune(uid, audit, settings, now);
                    }
                }
                case CONFLICT -> {
                    // Somebody else leads, or led: what stands in the cluster is the truth to go on from.
                    workloads.remove(uid);
                    return;
                }
                case GONE -> {
                    workload.remove(audit);
                    unaudited.merge(uid, audit.revision(), Math::max);
                }
            }
            if (audit.handingOver() && audit.unwritten()) {
                return;
            }
        }
    }

    private void prune(String uid, AuditState created, AuditSettings settings, Instant now) {
        List<RolloutAudit> audits = new ArrayList<>(cluster.auditsOf(uid));
        audits.removeIf(audit -> revision(audit) == created.revision());
        audits.add(created.object());
        writer.prune(audits, settings.historyLimit(), now);
    }

    private AuditSettings settings(Deployment deployment) {
        Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata() == null
                ? Map.of()
                : deployment.getSpec().getTemplate().getMetadata().getLabels();
        return policies.settingsFor(deployment.getMetadata().getNamespace(), labels == null ? Map.of() : labels);
    }

    /** In whole seconds, as the API server's times are. */
    private Instant watchingSince(Instant now) {
        Instant since = watch.watchingSince();
        return (since == null ? now : since).truncatedTo(ChronoUnit.SECONDS);
    }

    /** The revision that an audit speaks about; 0 for one that we did not write. */
    static long revision(RolloutAudit audit) {
        String revision = audit.getSpec() == null ? "" : audit.getSpec().revision();
        return revision.matches("[0-9]{1,18}") ? Long.parseLong(revision) : 0;
    }
}
