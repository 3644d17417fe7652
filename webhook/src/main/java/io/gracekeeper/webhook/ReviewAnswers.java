package io.gracekeeper.webhook;

/** Bytes of a review in, bytes of its answer out. */
@FunctionalInterface
interface ReviewAnswers {
    /**
     * Answers a body that came to a path.
     *
     * @throws BadReviewException if the body is no review
     */
    byte[] handle(AdmissionPath path, byte[] body) throws BadReviewException;
}
