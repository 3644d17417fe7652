package io.gracekeeper.policy.rollout;

/**
 * What a container was doing when its pod's termination was first seen. This evidence needs no clock, so it settles what
 * the times of two machines cannot.
 */
public enum ContainerAtT0 {
    /** It had a process. */
    RUNNING,

    /** It had run before and had no process: completed, or waiting for its next start. */
    BETWEEN_RUNS,

    /** It never had a process: the image is being pulled, or an init container still runs. */
    NEVER_STARTED,

    /** The termination's start was not seen. */
    UNKNOWN
}
