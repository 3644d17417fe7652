package io.gracekeeper.cli.command;

/** Something that the user can put right. The message says what and how; nobody needs a stack trace of it. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with its sentence. */
    public UserError(String message) {
        super(message, null, false, false);
    }
}
