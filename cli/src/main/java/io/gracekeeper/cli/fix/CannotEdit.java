package io.gracekeeper.cli.fix;

/** A fix that can't be written into the text. The message says why, and is for the user. */
final class CannotEdit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotEdit(String why) {
        super(why, null, false, false);
    }

    /** Another fix of this round writes to the same place; what is left is seen in the next one. */
    static CannotEdit now() {
        return new CannotEdit("");
    }

    boolean isOnlyNow() {
        return why().isEmpty();
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
