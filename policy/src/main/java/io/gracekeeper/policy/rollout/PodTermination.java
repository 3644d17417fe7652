package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.EndSettings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was seen of one pod's end.
 *
 * @param uid identifies the pod: a name can come back, a uid cannot
 * @param name its name; the uid where not even the name was seen
 * @param t0 when its termination was asked for, by the API server's clock; null where that was not seen
 * @param grace seconds that it was first given, null with {@code t0}. The API server lowers the stored value to 0 at the
 *     end, so only an early sight has it
 * @param shortenedGrace what a second, shorter delete asked for; null if there was none
 * @param evidence how much was seen
 * @param causeFacts what tells why it was ended
 * @param settings whether it had the termination settings of the workload's current template; null where that was not seen
 * @param containers its containers; empty where nothing was seen
 */
public record PodTermination(
        String uid,
        String name,
        @Nullable Instant t0,
        @Nullable Long grace,
        @Nullable Long shortenedGrace,
        Evidence evidence,
        CauseFacts causeFacts,
        @Nullable EndSettings settings,
        List<ContainerTermination> containers) {
    /** Copies the list, so that a record is a value. */
    public PodTermination {
        containers = List.copyOf(containers);
    }

    /** The termination of a pod that is gone and of which only the uid is known. */
    public static PodTermination unseen(String uid, CauseFacts causeFacts) {
        return new PodTermination(uid, uid, null, null, null, Evidence.GONE_UNSEEN, causeFacts, null, List.of());
    }
}
