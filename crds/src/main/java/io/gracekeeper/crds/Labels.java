package io.gracekeeper.crds;

/** Every label that Gracekeeper reads, once. */
public final class Labels {
    /** On a namespace, with the value {@link #ENABLED}: pods that no judged workload made may be edited at their creation. */
    public static final String POD_INJECTION = "gracekeeper.io/pod-injection";

    /**
     * On a namespace, with the value {@link #ENABLED}: while the webhook can't be reached, workloads are refused there instead of
     * going through unjudged.
     */
    public static final String FAIL_CLOSED = "gracekeeper.io/fail-closed";

    /** The value that switches a label on. */
    public static final String ENABLED = "enabled";

    private Labels() {}
}
