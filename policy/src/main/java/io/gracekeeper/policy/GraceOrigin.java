package io.gracekeeper.policy;

/**
 * Who chose a {@code terminationGracePeriodSeconds}. The API server fills in 30 before any webhook sees the object, so 30 alone
 * says nothing; but a value that its author wrote is never raised.
 */
public enum GraceOrigin {
    /** The author: client-side apply says so, or an Apply manager owns it, or it isn't 30. */
    EXPLICIT,
    /** Nobody: applied without it. */
    UNSET,
    /** 30, by a create or replace, which leave no trace of what was written. Counts as unset. */
    UNKNOWN
}
