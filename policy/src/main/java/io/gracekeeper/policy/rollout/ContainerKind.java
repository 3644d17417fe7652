package io.gracekeeper.policy.rollout;

/** What a container is for: only main containers decide how a pod ended. */
public enum ContainerKind {
    /** One of {@code spec.containers}. */
    MAIN,

    /** An init container with {@code restartPolicy: Always}; its end is reported as a finding. */
    NATIVE_SIDECAR,

    /** An init container that runs to its end before the main containers start. Never judged. */
    INIT,

    /** A debug container; it prolongs a termination and is killed at its end as a matter of course. Never judged. */
    EPHEMERAL
}
