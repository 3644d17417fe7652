package io.gracekeeper.policy.command;

import org.jspecify.annotations.Nullable;

/**
 * What a part of a script comes to.
 *
 * @param next when the part after it starts; null where none does
 * @param ended when the shell ends because of it; null where it can't
 * @param status whether it succeeds, as far as that can be known
 */
record Outcome(@Nullable Span next, @Nullable Span ended, Status status) {
    /** An exit status. */
    enum Status {
        SUCCESS,
        FAILURE,
        EITHER;

        Status not() {
            return switch (this) {
                case SUCCESS -> FAILURE;
                case FAILURE -> SUCCESS;
                case EITHER -> EITHER;
            };
        }
    }

    static Outcome of(Span next, Status status) {
        return new Outcome(next, null, status);
    }

    static Outcome exit(Span at) {
        return new Outcome(null, at, Status.EITHER);
    }

    /** The outcome of a process of its own: what ends it doesn't end the shell around it. */
    Outcome contained() {
        Span both = or(next, ended);
        return new Outcome(both, null, ended == null ? status : Status.EITHER);
    }

    Outcome withStatus(Status other) {
        return new Outcome(next, ended, other);
    }

    static @Nullable Span or(@Nullable Span a, @Nullable Span b) {
        if (a == null) {
            return b;
        }
        return b == null ? a : a.or(b);
    }
}
