package io.gracekeeper.cli.command;

import io.gracekeeper.cli.manifest.Unreadable;

/** Something that the user can put right. The message says what and how; nobody needs a stack trace of it. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A wrong command line, with its sentence. */
    public UserError(String message) {
        this(message, ExitCodes.USAGE);
    }

    private UserError(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** Something that is there and can't be read, without which there is nothing to do. */
    static UserError of(Unreadable problem) {
        return new UserError(problem.display(), ExitCodes.UNREADABLE);
    }

    /** The same, in words of one's own. */
    static UserError unreadable(String message) {
        return new UserError(message, ExitCodes.UNREADABLE);
    }

    /** One of {@link ExitCodes}. */
    int exitCode() {
        return exitCode;
    }
}
