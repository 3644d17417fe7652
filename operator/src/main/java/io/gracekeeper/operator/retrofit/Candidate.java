package io.gracekeeper.operator.retrofit;

import org.jspecify.annotations.Nullable;

/**
 * One workload whose injection a policy paces, as far as its turn depends on it.
 *
 * @param uid its uid
 * @param key {@code namespace/name}; breaks ties
 * @param replicas how many pods it has
 * @param fixable whether injection would make it compliant
 * @param violating whether only its author can make it compliant
 * @param hash the touch that stands for what would be injected
 * @param touch the touch that it carries; empty where it carries none
 * @param paused whether its rollouts are paused
 * @param controller who owns it; null where nobody does
 * @param progress how far its rollout is
 * @param settledBefore whether it was seen complete with this very touch: what rolls now is somebody else's rollout
 * @param touchedBeforeEdit whether the policy was edited after the touch, so that it may be tried again
 */
record Candidate(
        String uid,
        String key,
        int replicas,
        boolean fixable,
        boolean violating,
        String hash,
        String touch,
        boolean paused,
        @Nullable String controller,
        RolloutProgress progress,
        boolean settledBefore,
        boolean touchedBeforeEdit) {

    /** Whether it takes up a place: it was touched, and its rollout is not complete. */
    boolean isOpen() {
        return isOpen(touch, progress, settledBefore);
    }

    /** The same for a workload of which nothing else is known. */
    static boolean isOpen(String touch, RolloutProgress progress, boolean settledBefore) {
        return !touch.isEmpty() && !progress.complete() && !settledBefore;
    }

    /** Whether it carries the touch for exactly what would be injected. */
    boolean isTouched() {
        return touch.equals(hash);
    }

    /** Whether it was touched, and yet does not have what the touch stands for. */
    boolean ignoredItsTouch() {
        return fixable && isTouched();
    }

    /** Where it stands. */
    TurnState state() {
        if (isOpen()) {
            return TurnState.ROLLING;
        }
        if (fixable) {
            return isLeftAlone() ? TurnState.SKIPPED : TurnState.PENDING;
        }
        return violating ? TurnState.SKIPPED : TurnState.SETTLED;
    }

    /**
     * Whether it may be touched, if there is a place. Not in the middle of a rollout that somebody else began; but one that
     * still rolls with an older touch of ours may get a newer one, for it takes up its place already.
     */
    boolean isEligible() {
        return fixable && !isLeftAlone() && (!isTouched() || touchedBeforeEdit) && (progress.complete() || isOpen());
    }

    private boolean isLeftAlone() {
        return paused || controller != null;
    }
}
