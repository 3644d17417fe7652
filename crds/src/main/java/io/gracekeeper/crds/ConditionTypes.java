package io.gracekeeper.crds;

/** The types of the conditions in our statuses. */
public final class ConditionTypes {
    /** Policy: the spec is valid and is used. */
    public static final String ACCEPTED = "Accepted";

    /** Policy: no other policy of the namespace contradicts it. */
    public static final String CONSISTENT = "Consistent";

    /** Policy: every workload that injection can help has what this policy asks for. */
    public static final String INJECTED = "Injected";

    /** Policy: the API server was seen to refuse a bad Deployment less than two minutes ago. */
    public static final String ENFORCED = "Enforced";

    /** Audit: every expected end is judged; the verdict will not change. */
    public static final String COMPLETE = "Complete";

    /** Audit: True when proven, False when a forced kill was seen, Unknown while open or unverified. */
    public static final String FORCED_KILL_FREE = "ForcedKillFree";

    /** Exception: it has not expired. */
    public static final String ACTIVE = "Active";

    private ConditionTypes() {}
}
