package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.gracekeeper.policy.rollout.Evidence;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a watch on all pods shows of their ends into the ledger.
 *
 * <p>It must be fed by a watch without a selector on labels or phase: such a watch reports a pod that no longer matches as
 * DELETED, with the object as it was before, and the exit codes never arrive. Pods that no ReplicaSet controls are none of its
 * business. Called by one thread at a time, in the order of the watch.
 */
final class PodTerminationRecorder implements ResourceEventHandler<Pod> {
    private final PodTerminationLedger ledger;
    private final WatchLog watch;
    private final Clock clock;
    /** Pods removed while the watch was broken are reported before its list is, so the list has to be awaited. */
    private boolean listing = true;

    /**
     * @param ledger what it writes to
     * @param watch told about breaks
     * @param clock the time of each sight
     */
    PodTerminationRecorder(PodTerminationLedger ledger, WatchLog watch, Clock clock) {
        this.ledger = ledger;
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public void onBeforeList(@Nullable String lastSyncResourceVersion) {
        listing = true;
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
        listing = false;
        watch.listed(clock.instant());
    }

    @Override
    public void onAdd(Pod pod) {
        sighted(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
        if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
            // The same name again, and the removal in between was not seen.
            onDelete(before, true);
        }
        sighted(after);
    }

    private void sighted(Pod pod) {
        heard();
        if (!PodReader.ending(pod) || PodReader.replicaSetUid(pod) == null) {
            return;
        }
        boolean fromList = listing;
        ledger.update(
                pod.getMetadata().getUid(),
                entry -> entry.seen(pod, clock.instant()),
                uid -> LedgerEntry.first(pod, fromList, clock.instant()));
    }

    @Override
    public void onDelete(Pod pod, boolean deletedFinalStateUnknown) {
        if (PodReader.replicaSetUid(pod) == null) {
            heard();
            return;
        }
        sighted(pod);
        String uid = pod.getMetadata().getUid();
        Evidence last = lastEvidence(pod, deletedFinalStateUnknown);
        ledger.update(
                uid,
                entry -> entry.gone(last, clock.instant()),
                key -> LedgerEntry.first(pod, false, clock.instant()).gone(last, clock.instant()));
    }

    /** What a removal proves. Only a removal with grace 0 is the API server's own; any other one is a watch's invention. */
    private static Evidence lastEvidence(Pod pod, boolean tombstone) {
        if (PodReader.terminal(pod)) {
            return Evidence.TERMINAL;
        }
        if (tombstone) {
            return Evidence.GONE_UNSEEN;
        }
        if (!PodReader.scheduled(pod)) {
            return Evidence.NEVER_SCHEDULED;
        }
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        return grace != null && grace == 0 ? Evidence.FORCE_DELETED : Evidence.GONE_UNSEEN;
    }

    private void heard() {
        // During a list nothing is heard from the watch; the break lasts until the list is complete.
        if (!listing) {
            watch.sight(clock.instant());
        }
    }
}
