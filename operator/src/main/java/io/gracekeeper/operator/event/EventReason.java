package io.gracekeeper.operator.event;

/** Every Event that the operator sends, by the reason that {@code kubectl get events} shows. */
public enum EventReason {
    /** On a Deployment: it was given its turn, and its template has what the policies inject. */
    INJECTION_APPLIED("InjectionApplied", Severity.NORMAL, "Inject"),

    /** On a workload: it breaks a rule that it did not break before, or that did not hold before. */
    POLICY_VIOLATION("PolicyViolation", Severity.WARNING, "Judge"),

    /** On a workload: what would be refused was let through by its annotation {@code gracekeeper.io/break-glass}. */
    BREAK_GLASS("BreakGlass", Severity.WARNING, "Judge"),

    /** On a Deployment: its pods were refused and pass now, so its ReplicaSet was asked to try again. */
    RETRIED("RetriedReplicaSet", Severity.NORMAL, "Retry"),

    /** On an exception: it ends within 14 days. */
    EXCEPTION_ENDS_SOON("ExceptionEndsSoon", Severity.WARNING, "Except"),

    /** On an exception: it has ended. */
    EXCEPTION_ENDED("ExceptionEnded", Severity.WARNING, "Except"),

    /** On a policy: something went wrong with a workload, and no other one is touched. */
    RETROFIT_HALTED("RetrofitHalted", Severity.WARNING, "Retrofit"),

    /** On a policy: somebody lifted the halt. */
    RETROFIT_RESUMED("RetrofitResumed", Severity.NORMAL, "Retrofit"),

    /** On a Deployment: pods were killed at the end of their grace. */
    FORCED_KILL("ForcedKill", Severity.WARNING, "Audit"),

    /** On a Deployment: no old pod of a rollout was killed, but some ended out of memory or with an error. */
    UNGRACEFUL("Ungraceful", Severity.WARNING, "Audit"),

    /** On a Deployment: nobody saw how some old pods of a rollout ended. */
    UNVERIFIED("Unverified", Severity.WARNING, "Audit"),

    /** On a Deployment: all old pods of a rollout ended by themselves. */
    NO_FORCED_KILL("NoForcedKill", Severity.NORMAL, "Audit");

    private final String word;
    private final Severity severity;
    private final String action;

    EventReason(String word, Severity severity, String action) {
        this.word = word;
        this.severity = severity;
        this.action = action;
    }

    /** The reason, in CamelCase. */
    public String word() {
        return word;
    }

    /** What the Event's {@code type} says. */
    public Severity severity() {
        return severity;
    }

    /** What was being done. */
    public String action() {
        return action;
    }

    /** The two types that the API knows. */
    public enum Severity {
        /** All is well. */
        NORMAL("Normal"),
        /** Somebody should look. */
        WARNING("Warning");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** The word that stands in {@code type}. */
        public String word() {
            return word;
        }
    }
}
