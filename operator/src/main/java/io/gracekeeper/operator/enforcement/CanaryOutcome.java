package io.gracekeeper.operator.enforcement;

/** What became of a Deployment that our webhook has to refuse. */
sealed interface CanaryOutcome {
    /** Our webhook refused it. */
    record Refused() implements CanaryOutcome {}

    /**
     * The API server was asked, and nobody of ours refused.
     *
     * @param reason one word, for a condition
     * @param message for people
     */
    record NotRefused(String reason, String message) implements CanaryOutcome {}

    /**
     * It is not known: the API server could not be asked.
     *
     * @param message for people
     */
    record NoAnswer(String message) implements CanaryOutcome {}
}
