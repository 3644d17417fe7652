package io.gracekeeper.operator.policy;

import java.util.Locale;

/**
 * What a condition says, without its times.
 *
 * @param reason one word
 * @param message for people
 */
record ConditionFacts(Truth truth, String reason, String message) {
    /** The three values of a condition. */
    enum Truth {
        TRUE,
        FALSE,
        UNKNOWN;

        /** The word that stands in {@code status}. */
        String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    static ConditionFacts yes(String reason, String message) {
        return new ConditionFacts(Truth.TRUE, reason, message);
    }

    static ConditionFacts no(String reason, String message) {
        return new ConditionFacts(Truth.FALSE, reason, message);
    }

    static ConditionFacts unknown(String reason, String message) {
        return new ConditionFacts(Truth.UNKNOWN, reason, message);
    }
}
