package io.gracekeeper.policy;

import io.gracekeeper.crds.Profile;
import io.gracekeeper.crds.ReadinessProbeRequirement;
import io.gracekeeper.crds.Requirements;
import org.jspecify.annotations.Nullable;

/** The values that a profile gives to requirements that a policy leaves unset. Frozen for a version of the API. */
public final class ProfileValues {
    private static final Requirements NONE = new Requirements(null, null, null, null);

    private ProfileValues() {}

    /**
     * What a policy asks for, its own values before its profile's, and the default margin as soon as there is something to add a
     * margin to.
     */
    public static Requirements fill(@Nullable Requirements own, @Nullable Profile profile) {
        Requirements stated = own == null ? NONE : own;
        return switch (profile) {
            case WEB -> fill(stated, 10, 20, 5, ReadinessProbeRequirement.IF_SERVING);
            case LONG_LIVED -> fill(stated, 10, 300, 30, ReadinessProbeRequirement.IF_SERVING);
            case WORKER -> fill(stated, 0, 60, 15, ReadinessProbeRequirement.IGNORE);
            case JOB -> fill(stated, 0, 30, 5, ReadinessProbeRequirement.IGNORE);
            case NONE -> withMargin(stated);
            case null -> withMargin(stated);
        };
    }

    private static Requirements withMargin(Requirements own) {
        boolean stated = own.drainDelaySeconds() != null || own.shutdownSeconds() != null;
        return own.marginSeconds() != null || !stated
                ? own
                : new Requirements(
                        own.drainDelaySeconds(),
                        own.shutdownSeconds(),
                        Requirements.DEFAULT_MARGIN_SECONDS,
                        own.maxTerminationGracePeriodSeconds(),
                        own.readinessProbe());
    }

    private static Requirements fill(
            Requirements own, int drainDelay, int shutdown, int margin, ReadinessProbeRequirement readinessProbe) {
        return new Requirements(
                own.drainDelaySeconds() == null ? (Integer) drainDelay : own.drainDelaySeconds(),
                own.shutdownSeconds() == null ? (Integer) shutdown : own.shutdownSeconds(),
                own.marginSeconds() == null ? (Integer) margin : own.marginSeconds(),
                own.maxTerminationGracePeriodSeconds(),
                own.readinessProbe() == null ? readinessProbe : own.readinessProbe());
    }
}
