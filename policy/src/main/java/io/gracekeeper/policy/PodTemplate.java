package io.gracekeeper.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the rules read of a pod template.
 *
 * @param labels of the template
 * @param terminationGracePeriodSeconds null where the manifest has none (the API server always fills it in)
 * @param graceOrigin who chose it
 * @param record what we injected before; null where we did not
 * @param containers main containers and native sidecars, in the order of the manifest
 */
public record PodTemplate(
        Map<String, String> labels,
        @Nullable Long terminationGracePeriodSeconds,
        GraceOrigin graceOrigin,
        @Nullable InjectionRecord record,
        List<Container> containers) {
    /** What Kubernetes takes where a manifest says nothing. */
    public static final long DEFAULT_GRACE_SECONDS = 30;

    /** The path of the grace period. */
    public static final String GRACE_FIELD = "spec.template.spec.terminationGracePeriodSeconds";

    /** Copies what is mutable. */
    public PodTemplate {
        labels = Map.copyOf(labels);
        containers = List.copyOf(containers);
    }

    /** The grace period that the pods will have, in seconds; may be zero or negative, as written. */
    public long graceSeconds() {
        return terminationGracePeriodSeconds == null ? DEFAULT_GRACE_SECONDS : terminationGracePeriodSeconds;
    }

    PodTemplate with(@Nullable Long grace, GraceOrigin origin, List<Container> others) {
        return new PodTemplate(labels, grace, origin, record, others);
    }
}
