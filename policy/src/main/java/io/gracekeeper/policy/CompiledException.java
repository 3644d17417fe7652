package io.gracekeeper.policy;

import io.gracekeeper.crds.ShutdownExceptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A valid exception: who is let off, from what, and until when.
 *
 * @param namespace where it holds
 * @param name of the exception
 * @param kind of the workloads
 * @param workloads their names
 * @param containers that it is about; empty for the whole workload
 * @param rules that are forgiven
 * @param skipInjection whether nothing is injected either
 * @param reason why
 * @param expiresAt from then on it means nothing
 */
public record CompiledException(
        String namespace,
        String name,
        WorkloadKind kind,
        Set<String> workloads,
        Set<String> containers,
        Set<Rule> rules,
        boolean skipInjection,
        String reason,
        Instant expiresAt) {
    /** From when on people are warned that an exception ends. */
    public static final Duration NOTICE = Duration.ofDays(14);

    /** Copies the sets. */
    public CompiledException {
        workloads = Set.copyOf(workloads);
        containers = Set.copyOf(containers);
        rules = Set.copyOf(rules);
    }

    /**
     * Compiles an exception.
     *
     * @param spec one in which {@link ExceptionValidator} found nothing
     */
    public static CompiledException of(String namespace, String name, ShutdownExceptionSpec spec, WorkloadKinds kinds) {
        var target = Objects.requireNonNull(spec.target(), "exception was not validated: target");
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        for (String word : required(spec.rules(), "rules")) {
            rules.add(Objects.requireNonNull(Rule.of(word), () -> "exception was not validated: rule " + word));
        }
        return new CompiledException(
                namespace,
                name,
                Objects.requireNonNull(
                        kinds.named(Objects.requireNonNullElse(target.kind(), "")),
                        "exception was not validated: kind"),
                Set.copyOf(required(target.names(), "names")),
                spec.containers() == null ? Set.of() : Set.copyOf(spec.containers()),
                rules,
                Boolean.TRUE.equals(spec.skipInjection()),
                Objects.requireNonNullElse(spec.reason(), ""),
                OffsetDateTime.parse(Objects.requireNonNullElse(spec.expiresAt(), ""))
                        .toInstant());
    }

    private static <T> List<T> required(@Nullable List<T> list, String what) {
        return Objects.requireNonNull(list, () -> "exception was not validated: " + what);
    }

    /** Namespace and name, as texts show it. */
    public String display() {
        return namespace + "/" + name;
    }

    /** Whether so little of its time is left that people are to be warned. */
    public boolean endsSoon(Instant now) {
        return expiresAt.isBefore(now.plus(NOTICE));
    }

    boolean isFor(Workload workload, Origin origin, Instant now) {
        return now.isBefore(expiresAt) && reaches(workload.kind(), workload.name(), origin);
    }

    /**
     * Whether it is about a workload, by whatever name: its own, or that of one that made it. Names of what controllers make are made
     * up, so nobody could name a Deployment's pods.
     */
    public boolean reaches(WorkloadKind ofWorkload, String itsName, Origin origin) {
        return (kind.equals(ofWorkload) && workloads.contains(itsName)) || origin.mayBeOf(kind, workloads);
    }

    /** Whether it can be about a workload at all, as far as its kind and name tell. */
    public boolean mayReach(WorkloadKind ofWorkload, String itsName) {
        boolean named = kind.equals(ofWorkload) && workloads.contains(itsName);
        return named
                || (ofWorkload.isPod() && !kind.isPod())
                || !WorkloadKinds.isBuiltIn(kind) // What a registered kind controls isn't known.
                || Maker.canBeAbove(kind, ofWorkload);
    }

    boolean forgives(Violation violation) {
        return rules.contains(violation.rule())
                && (containers.isEmpty()
                        || (violation.container() != null && containers.contains(violation.container())));
    }

    /** Whether the terms of its containers leave the sum. */
    boolean liftsTerms() {
        return !containers.isEmpty() && (rules.contains(Rule.BUDGET_FITS) || rules.contains(Rule.GRACE_CEILING));
    }
}
