package io.gracekeeper.cli.check;

import io.gracekeeper.crds.ValidationAction;

/** How much a finding weighs; the order is from the lightest. */
public enum Severity {
    /** Said and not counted: what injection takes care of at admission, and what can't be judged. */
    NOTE("note"),
    /** A violation of a policy that only counts. */
    AUDIT("info"),
    /** A violation that {@code kubectl apply} would be warned of. */
    WARN("warning"),
    /** A violation that {@code kubectl apply} would be refused for. */
    DENY("error");

    private final String word;

    Severity(String word) {
        this.word = word;
    }

    /** The word of compilers. */
    public String word() {
        return word;
    }

    /** What an action weighs. */
    public static Severity of(ValidationAction action) {
        return switch (action) {
            case DENY -> DENY;
            case WARN -> WARN;
            case AUDIT -> AUDIT;
        };
    }
}
