package io.gracekeeper.policy;

/** How long a preStop hook takes. */
public sealed interface HookLength {
    /** What DrainDelay may count on, at least 0. */
    long lowerSeconds();

    /**
     * It is known to lie in an interval.
     *
     * @param lowerSeconds what DrainDelay may count on, at least 0
     * @param upperSeconds what BudgetFits has to make room for, at least {@code lowerSeconds}
     */
    record Known(long lowerSeconds, long upperSeconds) implements HookLength {}

    /**
     * Its upper end can't be known from the manifest: never a pass, and said so.
     *
     * @param lowerSeconds what is sure to have passed before the unknown part, at least 0
     */
    record Unknown(long lowerSeconds) implements HookLength {
        /** Nothing of it is known. */
        public Unknown() {
            this(0);
        }
    }

    /** A hook of exactly that many seconds. */
    static HookLength of(long seconds) {
        return new Known(seconds, seconds);
    }
}
