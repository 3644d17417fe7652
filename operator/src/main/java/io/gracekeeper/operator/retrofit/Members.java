package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicySnapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads where workloads stand. All of it is in the objects but for one thing, which only avoids false alarms: that a workload was
 * seen complete with its touch, so that what rolls now is a rollout of somebody else. An operator that starts anew does not know
 * it, and takes such a workload for one of ours until it is complete.
 */
final class Members {
    private static final int REMEMBERED = 20_000;

    private final FreshDeployments fresh;
    private final DeploymentJudge judge;
    private final Clock clock;
    private final Map<String, String> settled = new LinkedHashMap<>();

    Members(FreshDeployments fresh, DeploymentJudge judge, Clock clock) {
        this.clock = clock;
        this.fresh = fresh;
        this.judge = judge;
    }

    /** Reads what the informer has, or what is newer. */
    Member read(JudgedDeployment judged, PolicySnapshot snapshot, Instant policyEditedAt) {
        Deployment newest = fresh.newest(judged.deployment());
        boolean same = newest.getMetadata()
                .getResourceVersion()
                .equals(judged.deployment().getMetadata().getResourceVersion());
        return same
                ? read(
                        newest,
                        judged.finding().classification(),
                        judged.finding().injectionHash(),
                        policyEditedAt)
                : read(newest, snapshot, policyEditedAt);
    }

    /** Reads the answer to a touch. */
    Member read(Deployment answer, PolicySnapshot snapshot, Instant policyEditedAt) {
        Judgement judgement = judge.judge(answer, snapshot);
        return read(answer, judgement.classification(), judgement.injectionHash(), policyEditedAt);
    }

    private Member read(Deployment deployment, Classification classification, String hash, Instant policyEditedAt) {
        RolloutProgress progress = RolloutProgress.of(deployment, clock.instant());
        Instant touchedAt = WriteTimes.writtenByUsAt(deployment);
        var candidate = new Candidate(
                deployment.getMetadata().getUid(),
                deployment.getMetadata().getNamespace() + "/"
                        + deployment.getMetadata().getName(),
                RolloutProgress.replicas(deployment),
                classification == Classification.FIXABLE,
                classification == Classification.VIOLATING,
                hash,
                FreshDeployments.touch(deployment),
                Boolean.TRUE.equals(deployment.getSpec().getPaused()),
                controller(deployment),
                progress,
                settledBefore(deployment, progress),
                touchedAt != null && !touchedAt.isAfter(policyEditedAt));
        return new Member(candidate, deployment);
    }

    /**
     * How many workloads of the cluster are on their way.
     *
     * @param touched every Deployment that the informer knows to be touched
     */
    int open(Collection<Deployment> touched) {
        Map<String, Deployment> byUid = fresh.newer();
        touched.forEach(cached -> {
            Deployment newest = fresh.newest(cached);
            byUid.put(newest.getMetadata().getUid(), newest);
        });
        return (int) byUid.values().stream()
                .filter(deployment -> {
                    RolloutProgress progress = RolloutProgress.of(deployment, clock.instant());
                    return Candidate.isOpen(
                            FreshDeployments.touch(deployment), progress, settledBefore(deployment, progress));
                })
                .count();
    }

    /** Forgets that it was seen complete: what rolls from now on is our rollout. */
    void aboutToTouch(Deployment deployment) {
        settled.remove(deployment.getMetadata().getUid());
    }

    private boolean settledBefore(Deployment deployment, RolloutProgress progress) {
        String uid = deployment.getMetadata().getUid();
        String touch = FreshDeployments.touch(deployment);
        if (touch.isEmpty()) {
            return false;
        }
        if (progress.complete()) {
            settled.remove(uid);
            settled.put(uid, touch);
            if (settled.size() > REMEMBERED) {
                settled.remove(settled.keySet().iterator().next());
            }
        }
        return touch.equals(settled.get(uid));
    }

    private static @Nullable String controller(Deployment deployment) {
        List<OwnerReference> owners =
                Objects.requireNonNullElse(deployment.getMetadata().getOwnerReferences(), List.of());
        return owners.stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(owner -> owner.getKind() + "/" + owner.getName())
                .findFirst()
                .orElse(null);
    }
}
