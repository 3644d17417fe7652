package io.gracekeeper.cli.cases;

/** A case that can't be run; the message says why. */
public final class InvalidCase extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidCase(String why) {
        super(why, null, false, false);
    }
}
