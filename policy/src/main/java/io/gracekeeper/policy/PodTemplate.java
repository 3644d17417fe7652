package io.gracekeeper.policy;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the rules read of a pod template, or of a pod.
 *
 * @param field how messages name what is in the pod spec, for instance {@code spec.template.spec.}
 * @param labels of the template
 * @param terminationGracePeriodSeconds null where the manifest has none (the API server always fills it in)
 * @param graceSource tells who chose it; asked only where a grace period is to be changed, since finding out takes time
 * @param record what we injected before; null where we did not
 * @param containers main containers and native sidecars, in the order of the manifest
 * @param facts what its author says in annotations
 * @param os {@code os.name}; empty where the template has none
 * @param shareProcessNamespace whether all containers see each other's processes, and process 1 is the pause container
 * @param hostNetwork whether the pods use their node's network
 * @param readinessGates the condition types that a pod waits for
 */
public record PodTemplate(
        String field,
        Map<String, String> labels,
        @Nullable Long terminationGracePeriodSeconds,
        Supplier<GraceOrigin> graceSource,
        @Nullable InjectionRecord record,
        List<Container> containers,
        AuthorFacts facts,
        String os,
        boolean shareProcessNamespace,
        boolean hostNetwork,
        List<String> readinessGates) {
    /** What Kubernetes takes where a manifest says nothing. */
    public static final long DEFAULT_GRACE_SECONDS = 30;

    /** Copies what is mutable. */
    public PodTemplate {
        labels = Map.copyOf(labels);
        containers = List.copyOf(containers);
        readinessGates = List.copyOf(readinessGates);
    }

    /** The path of the grace period, for instance {@code spec.template.spec.terminationGracePeriodSeconds}. */
    public String graceField() {
        return field + "terminationGracePeriodSeconds";
    }

    /** The path of an annotation of the pods, for instance {@code spec.template.metadata.annotations[gracekeeper.io/drain-seconds]}. */
    public String annotationField(String annotation) {
        return field.substring(0, field.length() - "spec.".length()) + "metadata.annotations[" + annotation + "]";
    }

    /** The grace period that the pods will have, in seconds; may be zero or negative, as written. */
    public long graceSeconds() {
        return terminationGracePeriodSeconds == null ? DEFAULT_GRACE_SECONDS : terminationGracePeriodSeconds;
    }

    /** Who chose the grace period. */
    public GraceOrigin graceOrigin() {
        return graceSource.get();
    }

    PodTemplate with(@Nullable Long grace, Supplier<GraceOrigin> source, List<Container> others) {
        return new PodTemplate(
                field,
                labels,
                grace,
                source,
                record,
                others,
                facts,
                os,
                shareProcessNamespace,
                hostNetwork,
                readinessGates);
    }
}
