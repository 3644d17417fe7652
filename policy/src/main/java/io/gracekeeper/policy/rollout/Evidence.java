package io.gracekeeper.policy.rollout;

/** How much was seen of a pod's end. */
public enum Evidence {
    /** The kubelet reported a terminal phase with the final container statuses. */
    TERMINAL,

    /** Removed without ever having been on a node: nothing ran. */
    NEVER_SCHEDULED,

    /** Removed with grace 0 while it ran: the kubelet reports nothing after that. */
    FORCE_DELETED,

    /** Gone while nobody watched, or known only as it was before it ended. */
    GONE_UNSEEN,

    /** Still there long after its grace: its node is most likely unreachable. */
    STUCK_TERMINATING
}
