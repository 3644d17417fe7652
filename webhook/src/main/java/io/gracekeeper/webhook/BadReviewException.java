package io.gracekeeper.webhook;

/** What was sent is no AdmissionReview that we can answer. The words are few, for whoever sent it. */
final class BadReviewException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String words;

    BadReviewException(String words) {
        // It is an answer, and costs no stack trace: anybody can send nonsense as often as he likes.
        super(words, null, false, false);
        this.words = words;
    }

    String words() {
        return words;
    }
}
