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
 * What was seen of one pod's termination, from the first sight of it on. The API server forgets t0 and grace as the pod goes
 * (its last update has grace 0), so they are taken from the first sight and never again.
 *
 * @param uid of the pod
 * @param namespace of the pod
 * @param name of the pod
 * @param replicaSetUid of its ReplicaSet; null if it has none
 * @param t0 when its termination was asked for, by the API server's clock; null where that was not seen
 * @param grace seconds it was first given; null with {@code t0}
 * @param shortenedGrace seconds from t0 that a second, shorter delete left; null without one
 * @param reasonAtStart {@code status.reason} at the first sight
 * @param disruptionAtStart reason of {@code DisruptionTarget} at the first sight
 * @param disruptionAtEnd the same at the last sight
 * @param atT0 what each container was doing at the first sight
 * @param containers the containers at the last sight
 * @param settings what decided how it ended
 * @param fromList whether the first sight was a list: it may have been ending, or ended, for long
 * @param since when it was first seen ending, by our clock
 * @param lowered whether its ReplicaSet had been asked for fewer pods; null until that is known
 * @param terminalAt when the kubelet's final status was seen, by our clock; null before
 * @param goneAt when its removal was seen, by our clock; null before
 * @param evidence how much was seen; null before its end
 */
record LedgerEntry(
        String uid,
        String namespace,
        String name,
        @Nullable String replicaSetUid,
        @Nullable Instant t0,
        @Nullable Long grace,
        @Nullable Long shortenedGrace,
        @Nullable String reasonAtStart,
        @Nullable String disruptionAtStart,
        @Nullable String disruptionAtEnd,
        Map<String, ContainerAtT0> atT0,
        List<ContainerTermination> containers,
        TerminationSettings settings,
        boolean fromList,
        Instant since,
        @Nullable Boolean lowered,
        @Nullable Instant terminalAt,
        @Nullable Instant goneAt,
        @Nullable Evidence evidence) {
    /** ReplicaSets and pods come by different watches: so long one may lag behind the other. */
    static final Duration CAUSE_SETTLES = Duration.ofSeconds(2);

    /** The final statuses may be corrected until the pod is gone: containerd before 2.3 reports out-of-memory late. */
    private static final Duration CORRECTION = Duration.ofSeconds(3);

    private static final Duration GONE_SETTLES = Duration.ofSeconds(1);

    LedgerEntry {
        atT0 = Map.copyOf(atT0);
        containers = List.copyOf(containers);
    }

    /** The first sight of an ending pod. */
    static LedgerEntry first(Pod pod, boolean fromList, Instant now) {
        Map<String, ContainerAtT0> atT0 = PodReader.activity(pod);
        Instant deletion = PodReader.deletionTime(pod);
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        // Grace 0 says nothing about t0: a forced delete, or the last step of a termination that was not watched.
        Instant t0 = deletion != null && grace != null && grace > 0 ? deletion.minusSeconds(grace) : null;
        return new LedgerEntry(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                PodReader.replicaSetUid(pod),
                t0,
                t0 == null ? null : grace,
                null,
                PodReader.reason(pod),
                PodReader.disruption(pod),
                PodReader.disruption(pod),
                atT0,
                PodReader.containers(pod, atT0),
                PodReader.settings(pod.getSpec()),
                fromList,
                now,
                null,
                PodReader.terminal(pod) ? now : null,
                null,
                PodReader.terminal(pod) ? Evidence.TERMINAL : null);
    }

    /** A later sight. A terminal status is never taken back; until the pod is gone, the newest one counts. */
    LedgerEntry seen(Pod pod, Instant now) {
        boolean terminal = PodReader.terminal(pod);
        return new LedgerEntry(
                uid,
                namespace,
                name,
                replicaSetUid,
                t0,
                grace,
                shortened(pod),
                reasonAtStart,
                disruptionAtStart,
                PodReader.disruption(pod),
                atT0,
                evidence == Evidence.TERMINAL && !terminal ? containers : PodReader.containers(pod, atT0),
                settings,
                fromList,
                since,
                lowered,
                terminalAt == null && terminal ? now : terminalAt,
                goneAt,
                terminal ? Evidence.TERMINAL : evidence);
    }

    private @Nullable Long shortened(Pod pod) {
        Instant deletion = PodReader.deletionTime(pod);
        Long left = pod.getMetadata().getDeletionGracePeriodSeconds();
        if (t0 == null || grace == null || deletion == null || left == null || left == 0) {
            return shortenedGrace;
        }
        long seconds = Duration.between(t0, deletion).toSeconds();
        return seconds < grace ? Long.valueOf(seconds) : shortenedGrace;
    }

    /** Its removal. */
    LedgerEntry gone(Evidence last, Instant now) {
        return new LedgerEntry(
                uid,
                namespace,
                name,
                replicaSetUid,
                t0,
                grace,
                shortenedGrace,
                reasonAtStart,
                disruptionAtStart,
                disruptionAtEnd,
                atT0,
                containers,
                settings,
                fromList,
                since,
                lowered,
                terminalAt,
                now,
                evidence == Evidence.TERMINAL ? evidence : last);
    }

    /** The same with the answer to whether its ReplicaSet had been asked for fewer pods. */
    LedgerEntry withLowered(boolean value) {
        return new LedgerEntry(
                uid,
                namespace,
                name,
                replicaSetUid,
                t0,
                grace,
                shortenedGrace,
                reasonAtStart,
                disruptionAtStart,
                disruptionAtEnd,
                atT0,
                containers,
                settings,
                fromList,
                since,
                value,
                terminalAt,
                goneAt,
                evidence);
    }

    /** When its end was first known, by our clock; null before. */
    @Nullable
    Instant endedAt() {
        return terminalAt != null ? terminalAt : goneAt;
    }

    /** When nothing more is to be learned about its end, by our clock: the same time on every replica that watched; null before. */
    @Nullable
    Instant finalAt() {
        Instant end = null;
        if (terminalAt != null) {
            end = terminalAt.plus(CORRECTION);
        }
        if (goneAt != null && (end == null || goneAt.plus(GONE_SETTLES).isBefore(end))) {
            end = goneAt.plus(GONE_SETTLES);
        }
        Instant causeKnown = since.plus(CAUSE_SETTLES);
        return end == null || end.isAfter(causeKnown) ? end : causeKnown;
    }
}
