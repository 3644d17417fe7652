package io.gracekeeper.policy;

/** Where a workload stands. */
public enum Classification {
    /** No policy speaks about it. */
    UNMATCHED,
    /** It breaks no rule, as it is. */
    COMPLIANT,
    /** It breaks one, and injection makes, or would make, it compliant. */
    FIXABLE,
    /** Only its author can make it compliant. */
    VIOLATING
}
