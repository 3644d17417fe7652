package io.gracekeeper.operator.retrofit;

/** Where a workload stands in a retrofit. */
enum TurnState {
    /** It waits for its turn. */
    PENDING,
    /** It was touched, and its rollout is not complete. */
    ROLLING,
    /** It runs with everything that is injected. */
    SETTLED,
    /** It is left alone. */
    SKIPPED
}
