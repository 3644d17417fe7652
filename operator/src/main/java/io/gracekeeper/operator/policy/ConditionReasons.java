package io.gracekeeper.operator.policy;

/** The reasons of the conditions of policies and exceptions; those of Enforced also come from the canary. */
final class ConditionReasons {
    static final String VALID = "Valid";
    static final String INVALID = "Invalid";
    static final String NOT_ACCEPTED = "NotAccepted";
    static final String NO_CONTRADICTION = "NoContradiction";
    static final String CONTRADICTION = "Contradiction";
    static final String ALL_INJECTED = "AllInjected";
    static final String NO_INJECTION = "NoInjection";
    static final String DRY_RUN = "DryRun";
    static final String WAITS_FOR_ROLLOUT = "WaitsForRollout";
    static final String WAITS_FOR_ENFORCEMENT = "WaitsForEnforcement";
    static final String ROLLING = "Rolling";
    static final String HALTED = "Halted";
    static final String SKIPPED = "Skipped";
    static final String NO_DENY = "NoDeny";
    static final String IN_FORCE = "InForce";
    static final String ENDS_SOON = "EndsSoon";
    static final String EXPIRED = "Expired";

    private ConditionReasons() {}
}
