package io.gracekeeper.policy;

import java.util.List;
import java.util.Set;

/**
 * Who made an object: the workloads above it, as far as that can be trusted. In a review that is said by the user who asks, since
 * anybody can write ownerReferences.
 *
 * @param makers from the nearest up; empty where a person or an unknown program made it
 * @param complete false where a maker is too new to be known: whether anybody made that one is open
 */
public record Origin(List<Maker> makers, boolean complete) {
    /** Made by a person, or by a program that we don't know as a controller. */
    public static final Origin NONE = new Origin(List.of(), true);

    /** Copies the list. */
    public Origin {
        makers = List.copyOf(makers);
    }

    /** Whether no workload made it. */
    public boolean isNone() {
        return makers.isEmpty();
    }

    /**
     * Whether a policy that names these kinds judges a workload above it, or may: a child of a judged workload always passes. A
     * ReplicaSet that a workload made is not judged itself, and stands for nothing.
     */
    public boolean mayBeJudgedAbove(Set<WorkloadKind> kinds) {
        int last = makers.size() - 1;
        for (int i = 0; i <= last; i++) {
            WorkloadKind kind = makers.get(i).kind();
            if (kinds.contains(kind) && (i == last || !kind.kind().equals("ReplicaSet"))) {
                return true;
            }
        }
        return !complete
                && kinds.stream()
                        .anyMatch(
                                kind -> Maker.canBeAbove(kind, makers.get(last).kind()));
    }

    /**
     * Whether one of these workloads made it, or may have: of a maker that is too new to be known, its name tells whose it is, as its
     * controller gave it.
     */
    boolean mayBeOf(WorkloadKind kind, Set<String> names) {
        for (Maker maker : makers) {
            if (maker.kind().equals(kind) && names.contains(maker.name())) {
                return true;
            }
        }
        if (complete) {
            return false;
        }
        Maker last = makers.get(makers.size() - 1);
        return Maker.canBeAbove(kind, last.kind()) && names.contains(last.stem());
    }
}
