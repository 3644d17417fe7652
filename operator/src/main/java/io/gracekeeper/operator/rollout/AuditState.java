package io.gracekeeper.operator.rollout;

import io.gracekeeper.crds.Gap;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.policy.AuditSettings;
import io.gracekeeper.policy.TerminationSettings;
import io.gracekeeper.policy.rollout.JudgedEnd;
import io.gracekeeper.policy.rollout.PodTermination;
import io.gracekeeper.policy.rollout.RolloutAssessment;
import io.gracekeeper.policy.rollout.RolloutAuditor;
import io.gracekeeper.policy.rollout.RolloutObservation;
import io.gracekeeper.policy.rollout.RolloutPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One audit as the leader has it in mind: what is written of it, and what is not yet. Used by one thread.
 *
 * <p>A write is always the whole status, so that one that failed is simply made again.
 */
final class AuditState {
    private final long revision;
    private final @Nullable Instant adoptedUpTo;
    private final Set<String> pending = new LinkedHashSet<>();
    private final List<PodTermination> ended = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<JudgedEnd> unannounced = new ArrayList<>();
    private final Map<String, Instant> missingSince = new HashMap<>();
    private AuditSettings settings;
    private TerminationSettings currentSettings;
    private RolloutAudit object;
    private @Nullable RolloutAuditStatus status;
    private @Nullable RolloutAuditStatus written;
    private @Nullable Instant writtenAt;
    private @Nullable Instant notBefore;
    private @Nullable Instant settledSince;
    private boolean superseded;
    private boolean handingOver;
    private int failures;

    /**
     * @param revision the revision that its rollout led to
     * @param object the audit; without a resourceVersion as long as it is not created
     * @param adoptedUpTo ends outside the rollout until then are in the status already; null for an audit of our own
     */
    AuditState(
            long revision,
            RolloutAudit object,
            AuditSettings settings,
            TerminationSettings currentSettings,
            @Nullable Instant adoptedUpTo) {
        this.revision = revision;
        this.object = object;
        this.settings = settings;
        this.currentSettings = currentSettings;
        this.adoptedUpTo = adoptedUpTo;
        this.status = object.getStatus();
        this.written = status;
        if (status != null && status.pending() != null) {
            pending.addAll(status.pending());
        }
    }

    long revision() {
        return revision;
    }

    RolloutAudit object() {
        return object;
    }

    boolean created() {
        return object.getMetadata().getResourceVersion() != null;
    }

    /** Uids of old pods whose end is still to come; live. */
    Set<String> pending() {
        return pending;
    }

    AuditSettings settings() {
        return settings;
    }

    TerminationSettings currentSettings() {
        return currentSettings;
    }

    /** Newer settings of the policies; what they no longer say stays as it was. */
    void settings(AuditSettings now) {
        if (now.enabled()) {
            settings = now;
        }
    }

    /** A newer revision takes over {@code pods}. */
    void supersede(Predicate<String> pods) {
        superseded = true;
        handingOver |= pending.removeIf(pods);
    }

    /**
     * Whether pods were handed to a newer audit, and that is not written. Until it is, the newer one must not be: whoever reads
     * both back would count those pods twice.
     */
    boolean handingOver() {
        return handingOver;
    }

    boolean superseded() {
        return superseded;
    }

    boolean closed() {
        return RolloutAuditor.wasClosed(status);
    }

    /** Whether an end that was final at this time, and that nobody awaited, was written by whoever wrote before us. */
    boolean writtenByOthers(Instant finalAt) {
        return adoptedUpTo != null && !finalAt.isAfter(adoptedUpTo);
    }

    /** Adds an end; it is judged with the next {@link #assess}. */
    void end(PodTermination termination) {
        pending.remove(termination.uid());
        missingSince.remove(termination.uid());
        ended.add(termination);
    }

    void gap(Gap gap) {
        gaps.add(gap);
    }

    /** How long ago {@code uid} was first missed. */
    Instant missing(String uid, Instant now) {
        return missingSince.computeIfAbsent(uid, key -> now);
    }

    void found(String uid) {
        missingSince.remove(uid);
    }

    /** Since when its Deployment is complete without a break; null while it is not. */
    @Nullable
    Instant settled(boolean complete, Instant now) {
        settledSince = complete ? Objects.requireNonNullElse(settledSince, now) : null;
        return settledSince;
    }

    /** Judges what is new. */
    void assess(RolloutPhase phase, Instant now) {
        RolloutAssessment assessment = RolloutAuditor.audit(
                new RolloutObservation(status, new LinkedHashSet<>(pending), ended, gaps, phase, now), settings);
        ended.clear();
        gaps.clear();
        status = assessment.status();
        unannounced.addAll(assessment.ends());
    }

    @Nullable
    RolloutAuditStatus status() {
        return status;
    }

    boolean unwritten() {
        return status != null && !status.equals(written);
    }

    /** Whether the next write must not wait: the first, the one that closes the audit, or one that others wait for. */
    boolean urgent() {
        return written == null || handingOver || (closed() && !RolloutAuditor.wasClosed(written));
    }

    @Nullable
    Instant writtenAt() {
        return writtenAt;
    }

    @Nullable
    Instant notBefore() {
        return notBefore;
    }

    void wasCreated(RolloutAudit inCluster) {
        object = inCluster;
    }

    /** What a write brought: the ends that are to be announced now. */
    Written wasWritten(RolloutAudit inCluster, Instant now) {
        boolean closes = closed() && !RolloutAuditor.wasClosed(written);
        Written result = new Written(List.copyOf(unannounced), closes);
        object = inCluster;
        written = status;
        writtenAt = now;
        notBefore = null;
        failures = 0;
        handingOver = false;
        unannounced.clear();
        return result;
    }

    /** A failed write: 1 s, 2 s, 4 s, ... at most 30 s until the next. */
    void failed(Instant now) {
        notBefore = now.plusSeconds(Math.min(30, 1L << Math.min(failures, 5)));
        failures++;
    }

    /**
     * What a write brought.
     *
     * @param ends ends that it said for the first time
     * @param closes whether it made the audit final
     */
    record Written(List<JudgedEnd> ends, boolean closes) {}
}
