package io.gracekeeper.policy.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code state.terminated} of a container status: what the container runtime and the kubelet say about an exit.
 *
 * @param exitCode 128+n after signal n; -1 where CRI-O found no exit file
 * @param reason {@code Completed}, {@code Error}, {@code OOMKilled}, {@code ContainerStatusUnknown}, ...
 * @param finishedAt by the node's clock, whole seconds; null where the kubelet does not know
 */
public record ContainerExit(
        int exitCode, @Nullable String reason, @Nullable Instant finishedAt) {}
