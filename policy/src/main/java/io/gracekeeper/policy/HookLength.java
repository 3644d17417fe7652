package io.gracekeeper.policy;

/** How long a preStop hook takes. */
public sealed interface HookLength {
    /**
     * It is known to lie in an interval.
     *
     * @param lowerSeconds what DrainDelay may count on, at least 0
     * @param upperSeconds what BudgetFits has to make room for, at least {@code lowerSeconds}
     */
    record Known(long lowerSeconds, long upperSeconds) implements HookLength {}

    /** It can't be known from the manifest: never a pass, and said so. */
    record Unknown() implements HookLength {}

    /** A hook of exactly that many seconds. */
    static HookLength of(long seconds) {
        return new Known(seconds, seconds);
    }
}
