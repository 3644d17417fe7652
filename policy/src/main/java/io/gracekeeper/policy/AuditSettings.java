package io.gracekeeper.policy;

import java.util.Set;

/**
 * How rollouts are judged.
 *
 * @param enabled whether anybody asked for it
 * @param cleanExitCodes exit codes that count as a clean end; never 137
 * @param historyLimit audits kept per workload, 1..10
 */
public record AuditSettings(boolean enabled, Set<Integer> cleanExitCodes, int historyLimit) {
    /** No policy asks for an audit. */
    public static final AuditSettings DISABLED = new AuditSettings(false, Set.of(0, 143), 3);

    /** Copies the set. */
    public AuditSettings {
        cleanExitCodes = Set.copyOf(cleanExitCodes);
    }
}
