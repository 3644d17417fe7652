package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ReplicaSets of Deployments: whose they are, which revision, and how many pods each was asked to end.
 *
 * <p>A ReplicaSet is remembered for an hour after it is gone: with {@code revisionHistoryLimit: 0} it is removed while its
 * pods still end, and their owner reference leads nowhere.
 */
final class ReplicaSetBook implements ResourceEventHandler<ReplicaSet> {
    private static final Duration RETENTION = Duration.ofHours(1);
    /** The ReplicaSet controller deletes within so much time of being asked. */
    private static final Duration ACQUAINTED = Duration.ofSeconds(10);

    private static final String REVISION = "deployment.kubernetes.io/revision";

    private final Clock clock;
    private final Consumer<String> onChange;
    private final Map<String, Page> pages = new HashMap<>();
    private volatile boolean listing = true;

    /** What is known of one ReplicaSet. {@code owed}: pods it was asked to end that have not begun to. */
    private record Page(
            ReplicaSet replicaSet,
            String deploymentUid,
            int replicas,
            int owed,
            Instant since,
            @Nullable Instant goneAt) {}

    /**
     * @param clock the time of each sight
     * @param onChange told the uid of the Deployment after each change; must return at once
     */
    ReplicaSetBook(Clock clock, Consumer<String> onChange) {
        this.clock = clock;
        this.onChange = onChange;
    }

    @Override
    public void onBeforeList(@Nullable String lastSyncResourceVersion) {
        listing = true;
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
        listing = false;
    }

    @Override
    public void onAdd(ReplicaSet replicaSet) {
        seen(replicaSet, null);
    }

    @Override
    public void onUpdate(ReplicaSet before, ReplicaSet after) {
        seen(after, null);
    }

    @Override
    public void onDelete(ReplicaSet replicaSet, boolean deletedFinalStateUnknown) {
        seen(replicaSet, clock.instant());
    }

    private void seen(ReplicaSet replicaSet, @Nullable Instant goneAt) {
        String owner = deploymentUid(replicaSet);
        if (owner == null) {
            return;
        }
        synchronized (this) {
            String uid = replicaSet.getMetadata().getUid();
            Page before = pages.get(uid);
            Integer asked =
                    replicaSet.getSpec() == null ? null : replicaSet.getSpec().getReplicas();
            int replicas = goneAt != null ? 0 : asked == null ? 1 : asked;
            int owed = before == null ? 0 : before.owed() + Math.max(0, before.replicas() - replicas);
            // One that was made before our eyes is known all its life.
            Instant since = before != null ? before.since() : listing ? clock.instant() : Instant.EPOCH;
            pages.put(uid, new Page(replicaSet, owner, replicas, owed, since, goneAt));
        }
        onChange.accept(owner);
    }

    private static @Nullable String deploymentUid(ReplicaSet replicaSet) {
        return replicaSet.getMetadata().getOwnerReferences().stream()
                .filter(owner -> "Deployment".equals(owner.getKind()) && Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse(null);
    }

    /** Uid of the Deployment that a ReplicaSet belongs to; empty if the ReplicaSet is unknown. */
    synchronized Optional<String> deploymentOf(@Nullable String replicaSetUid) {
        return Optional.ofNullable(replicaSetUid).map(pages::get).map(Page::deploymentUid);
    }

    /** Every remembered ReplicaSet of a Deployment. */
    synchronized List<ReplicaSet> of(String deploymentUid) {
        return pages.values().stream()
                .filter(page -> page.deploymentUid().equals(deploymentUid))
                .map(Page::replicaSet)
                .toList();
    }

    /**
     * Whether the termination of one pod is owed to its ReplicaSet having been asked for fewer. Each pod that it was lowered
     * by answers for one termination, so that a pod deleted by hand meanwhile is told apart. A ReplicaSet that a list brought
     * shortly before may have been lowered before that; it is taken to have been.
     *
     * @param endingSince when the termination was first seen, by our clock
     */
    synchronized boolean takeOwed(String replicaSetUid, Instant endingSince) {
        Page page = pages.get(replicaSetUid);
        if (page == null || page.since().plus(ACQUAINTED).isAfter(endingSince)) {
            return true;
        }
        if (page.owed() == 0) {
            return false;
        }
        pages.put(
                replicaSetUid,
                new Page(
                        page.replicaSet(),
                        page.deploymentUid(),
                        page.replicas(),
                        page.owed() - 1,
                        page.since(),
                        page.goneAt()));
        return true;
    }

    /** Whether a ReplicaSet is wanted no more at all, or gone. */
    synchronized boolean emptied(String replicaSetUid) {
        Page page = pages.get(replicaSetUid);
        return page == null || page.replicas() == 0;
    }

    /** Forgets what has been gone for an hour. */
    synchronized void purge(Instant now) {
        pages.values()
                .removeIf(page ->
                        page.goneAt() != null && page.goneAt().plus(RETENTION).isBefore(now));
    }

    /** The number of a revision as the Deployment controller writes it; 0 where it has not yet. */
    static long revision(@Nullable Map<String, String> annotations) {
        String value = annotations == null ? null : annotations.get(REVISION);
        return value != null && value.matches("[0-9]{1,18}") ? Long.parseLong(value) : 0;
    }
}
