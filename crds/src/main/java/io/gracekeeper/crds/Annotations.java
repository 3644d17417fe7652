package io.gracekeeper.crds;

/** Every annotation that Gracekeeper reads or writes, once. */
public final class Annotations {
    /**
     * On a workload's own metadata: the operator's touch. Its value is a hash of what is to be injected; changing it is what
     * gives an existing workload its turn, since the mutating webhook then edits the template in that same request.
     */
    public static final String INJECT = "gracekeeper.io/inject";

    /**
     * On a pod template: the record of what was injected, values only. It reaches the pods, survives {@code kubectl rollout
     * undo} and is what a later strip takes back.
     */
    public static final String INJECTED = "gracekeeper.io/injected";

    /** On a policy: a new value lifts a halt of its retrofit. */
    public static final String RESUME = "gracekeeper.io/resume";

    /** On a pod template: what its author knows about the time from the stop signal to the exit, in seconds. Raises, never lowers. */
    public static final String SHUTDOWN_SECONDS = "gracekeeper.io/shutdown-seconds";

    /**
     * On a pod template: how long a container's hook takes, or a delay inside the app, as its author knows it:
     * {@code app=12,proxy=5}.
     */
    public static final String DRAIN_SECONDS = "gracekeeper.io/drain-seconds";

    /** On a workload: {@code <until> <reason>} lets a create or update through, for at most 24 hours. */
    public static final String BREAK_GLASS = "gracekeeper.io/break-glass";

    /**
     * On a Deployment: when the operator last asked its ReplicaSet to try again, whose pods had been refused. It is copied to the
     * ReplicaSet, which then tries at once; nothing is rolled.
     */
    public static final String RETRY = "gracekeeper.io/retry";

    private Annotations() {}
}
