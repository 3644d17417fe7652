package io.gracekeeper.policy.rollout;

/** How far a rollout is, as its controller sees it. */
public enum RolloutPhase {
    /** Its controller is still replacing pods. */
    ROLLING,

    /** Every replica is new and available. Old pods may still be ending: the controller's counters leave them out. */
    SETTLED,

    /** A newer revision took over. What had begun to end by then still belongs to this one. */
    SUPERSEDED
}
