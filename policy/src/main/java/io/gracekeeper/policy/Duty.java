package io.gracekeeper.policy;

import io.gracekeeper.crds.ReadinessProbeRequirement;
import org.jspecify.annotations.Nullable;

/**
 * What one container owes: the merge of the policies that do not exempt it.
 *
 * @param drainDelay the largest; null where nobody asks
 * @param shutdown the largest; null where nobody asks
 * @param readinessProbe the strictest; null where nobody asks
 * @param exempt whether every policy that matches the workload exempts it
 */
public record Duty(
        @Nullable SourcedSeconds drainDelay,
        @Nullable SourcedSeconds shutdown,
        @Nullable SourcedProbe readinessProbe,
        boolean exempt) {
    /** Nothing is owed, since nobody asks. */
    static final Duty NONE = new Duty(null, null, null, false);

    /**
     * Who asks for a readiness probe.
     *
     * @param requirement Required or IfServing
     * @param source the policy
     */
    public record SourcedProbe(ReadinessProbeRequirement requirement, PolicyReference source) {}

    /** Seconds; 0 where nobody asks. */
    public long drainDelaySeconds() {
        return drainDelay == null ? 0 : drainDelay.seconds();
    }

    /** Seconds; 0 where nobody asks. */
    public long shutdownSeconds() {
        return shutdown == null ? 0 : shutdown.seconds();
    }
}
