package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.gracekeeper.policy.TerminationSettings;
import io.gracekeeper.policy.rollout.ContainerAtT0;
import io.gracekeeper.policy.rollout.ContainerTermination;
import io.gracekeeper.policy.rollout.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one pod's termination, from the first sight of it on.
 *
 * @param first what the first sight told, and never changes
 * @param latest what later sights add
 */
record LedgerEntry(First first, Latest latest) {
    /** ReplicaSets and pods come by different watches: so long one may lag behind the other. */
    static final Duration CAUSE_SETTLES = Duration.ofSeconds(2);

    /** The final statuses may be corrected until the pod is gone: containerd before 2.3 reports out-of-memory late. */
    private static final Duration CORRECTION = Duration.ofSeconds(3);

    private static final Duration GONE_SETTLES = Duration.ofSeconds(1);

    /**
     * The first sight. The API server forgets t0 and grace as the pod goes (its last update has grace 0), so they are taken from
     * here and never again.
     *
     * @param uid of the pod
     * @param namespace of the pod
     * @param name of the pod
     * @param replicaSetUid of its ReplicaSet; null if it has none
     * @param t0 when its termination was asked for, by the API server's clock; null where that was not seen
     * @param grace seconds it was first given; null with {@code t0}
     * @param reasonAtStart {@code status.reason}
     * @param disruptionAtStart reason of {@code DisruptionTarget}
     * @param atT0 what each container was doing
     * @param settings what decided how it ended
     * @param fromList whether it was a list: the pod may have been ending, or ended, for long
     * @param since when it was, by our clock
     */
    record First(
            String uid,
            String namespace,
            String name,
            @Nullable String replicaSetUid,
            @Nullable Instant t0,
            @Nullable Long grace,
            @Nullable String reasonAtStart,
            @Nullable String disruptionAtStart,
            Map<String, ContainerAtT0> atT0,
            TerminationSettings settings,
            boolean fromList,
            Instant since) {
        First {
            atT0 = Map.copyOf(atT0);
        }
    }

    /**
     * What later sights add.
     *
     * @param shortenedGrace seconds from t0 that a second, shorter delete left; null without one
     * @param disruptionAtEnd reason of {@code DisruptionTarget} at the last sight
     * @param containers the containers at the last sight
     * @param lowered whether its ReplicaSet had been asked for fewer pods; null until that is known
     * @param terminalAt when the kubelet's final status was seen, by our clock; null before
     * @param goneAt when its removal was seen, by our clock; null before
     * @param evidence how much was seen; null before its end
     */
    record Latest(
            @Nullable Long shortenedGrace,
            @Nullable String disruptionAtEnd,
            List<ContainerTermination> containers,
            @Nullable Boolean lowered,
            @Nullable Instant terminalAt,
            @Nullable Instant goneAt,
            @Nullable Evidence evidence) {
        Latest {
            containers = List.copyOf(containers);
        }
    }

    /** The first sight of an ending pod. */
    static LedgerEntry first(Pod pod, boolean fromList, Instant now) {
        Map<String, ContainerAtT0> atT0 = PodReader.activity(pod);
        Instant deletion = PodReader.deletionTime(pod);
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        // Grace 0 says nothing about t0: a forced delete, or the last step of a termination that was not watched.
        Instant t0 = deletion != null && grace != null && grace > 0 ? deletion.minusSeconds(grace) : null;
        boolean terminal = PodReader.terminal(pod);
        var first = new First(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                PodReader.replicaSetUid(pod),
                t0,
                t0 == null ? null : grace,
                PodReader.reason(pod),
                PodReader.disruption(pod),
                atT0,
                PodReader.settings(pod.getSpec()),
                fromList,
                now);
        return new LedgerEntry(
                first,
                new Latest(
                        null,
                        PodReader.disruption(pod),
                        PodReader.containers(pod, atT0),
                        null,
                        terminal ? now : null,
                        null,
                        terminal ? Evidence.TERMINAL : null));
    }

    /** A later sight. A terminal status is never taken back; until the pod is gone, the newest one counts. */
    LedgerEntry seen(Pod pod, Instant now) {
        boolean terminal = PodReader.terminal(pod);
        return with(new Latest(
                shortened(pod),
                PodReader.disruption(pod),
                evidence() == Evidence.TERMINAL && !terminal ? containers() : PodReader.containers(pod, atT0()),
                lowered(),
                terminalAt() == null && terminal ? now : terminalAt(),
                goneAt(),
                terminal ? Evidence.TERMINAL : evidence()));
    }

    private @Nullable Long shortened(Pod pod) {
        Instant t0 = t0();
        Long grace = grace();
        Instant deletion = PodReader.deletionTime(pod);
        Long left = pod.getMetadata().getDeletionGracePeriodSeconds();
        if (t0 == null || grace == null || deletion == null || left == null || left == 0) {
            return shortenedGrace();
        }
        long seconds = Duration.between(t0, deletion).toSeconds();
        return seconds < grace ? Long.valueOf(seconds) : shortenedGrace();
    }

    /** Its removal. */
    LedgerEntry gone(Evidence last, Instant now) {
        return with(new Latest(
                shortenedGrace(),
                disruptionAtEnd(),
                containers(),
                lowered(),
                terminalAt(),
                now,
                evidence() == Evidence.TERMINAL ? evidence() : last));
    }

    /** The same with the answer to whether its ReplicaSet had been asked for fewer pods. */
    LedgerEntry withLowered(boolean value) {
        return with(new Latest(
                shortenedGrace(), disruptionAtEnd(), containers(), value, terminalAt(), goneAt(), evidence()));
    }

    private LedgerEntry with(Latest next) {
        return new LedgerEntry(first, next);
    }

    String uid() {
        return first.uid();
    }

    String namespace() {
        return first.namespace();
    }

    String name() {
        return first.name();
    }

    @Nullable
    String replicaSetUid() {
        return first.replicaSetUid();
    }

    @Nullable
    Instant t0() {
        return first.t0();
    }

    @Nullable
    Long grace() {
        return first.grace();
    }

    @Nullable
    Long shortenedGrace() {
        return latest.shortenedGrace();
    }

    @Nullable
    String reasonAtStart() {
        return first.reasonAtStart();
    }

    @Nullable
    String disruptionAtStart() {
        return first.disruptionAtStart();
    }

    @Nullable
    String disruptionAtEnd() {
        return latest.disruptionAtEnd();
    }

    Map<String, ContainerAtT0> atT0() {
        return first.atT0();
    }

    List<ContainerTermination> containers() {
        return latest.containers();
    }

    TerminationSettings settings() {
        return first.settings();
    }

    boolean fromList() {
        return first.fromList();
    }

    Instant since() {
        return first.since();
    }

    @Nullable
    Boolean lowered() {
        return latest.lowered();
    }

    @Nullable
    Instant terminalAt() {
        return latest.terminalAt();
    }

    @Nullable
    Instant goneAt() {
        return latest.goneAt();
    }

    @Nullable
    Evidence evidence() {
        return latest.evidence();
    }

    /** When its end was first known, by our clock; null before. */
    @Nullable
    Instant endedAt() {
        return terminalAt() != null ? terminalAt() : goneAt();
    }

    /** When nothing more is to be learned about its end, by our clock: the same time on every replica that watched; null before. */
    @Nullable
    Instant finalAt() {
        Instant terminalAt = terminalAt();
        Instant goneAt = goneAt();
        Instant end = null;
        if (terminalAt != null) {
            end = terminalAt.plus(CORRECTION);
        }
        if (goneAt != null && (end == null || goneAt.plus(GONE_SETTLES).isBefore(end))) {
            end = goneAt.plus(GONE_SETTLES);
        }
        Instant causeKnown = since().plus(CAUSE_SETTLES);
        return end == null || end.isAfter(causeKnown) ? end : causeKnown;
    }
}
