package io.gracekeeper.policy.rollout;

import org.jspecify.annotations.Nullable;

/**
 * One container of a pod that ended.
 *
 * @param name its name
 * @param kind what it is for
 * @param atT0 what it was doing when the termination was first seen
 * @param exit the last {@code state.terminated}; null if none was seen
 * @param lastExit {@code lastState.terminated}: how the run before ended; null if there was none
 * @param restartCount how often it had been started again
 * @param preStopSeconds how long its preStop hook sleeps; null without a hook or when that cannot be known
 * @param stopSignal for instance {@code SIGTERM}; null where the status does not say, which means SIGTERM
 */
public record ContainerTermination(
        String name,
        ContainerKind kind,
        ContainerAtT0 atT0,
        @Nullable ContainerExit exit,
        @Nullable ContainerExit lastExit,
        int restartCount,
        @Nullable Long preStopSeconds,
        @Nullable String stopSignal) {}
