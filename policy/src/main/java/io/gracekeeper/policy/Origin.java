package io.gracekeeper.policy;

import java.util.List;
import java.util.Set;

/**
 * Who made an object: the workloads above it, as far as that can be trusted. In a review that is said by the user who asks, since
 * anybody can write ownerReferences.
 *
 * @param makers kinds, from the nearest up; empty where a person or an unknown program made it
 * @param complete false where a maker is too new to be known: whether anybody made that one is open
 */
public record Origin(List<WorkloadKind> makers, boolean complete) {
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

    /** Whether one of these made it, or may have: a child of a judged workload always passes. */
    boolean mayBeAnyOf(Set<WorkloadKind> kinds) {
        for (WorkloadKind maker : makers) {
            if (kinds.contains(maker)) {
                return true;
            }
        }
        return !complete;
    }
}
