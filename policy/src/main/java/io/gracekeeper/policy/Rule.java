package io.gracekeeper.policy;

/** The rules that a workload can break, by the names that users read in denials, statuses and docs. */
public enum Rule {
    /** The grace period is positive: with 0 the kubelet kills at once and runs no preStop hook. */
    GRACE_POSITIVE("GracePositive"),

    /** The grace period has room for the hook, the shutdown and a margin. */
    BUDGET_FITS("BudgetFits"),

    /** A serving container goes on serving while the load balancers forget it. */
    DRAIN_DELAY("DrainDelay"),

    /** The grace period is not longer than the policy allows. */
    GRACE_CEILING("GraceCeiling");

    private final String word;

    Rule(String word) {
        this.word = word;
    }

    /** The name as users read it. */
    public String word() {
        return word;
    }
}
