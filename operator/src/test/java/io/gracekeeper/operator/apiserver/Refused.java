package io.gracekeeper.operator.apiserver;

/** An admission webhook's refusal, as the API server hands it to the client. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** A refusal with an HTTP status. */
    public Refused(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
