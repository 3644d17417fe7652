package io.gracekeeper.cli.manifest;

/** A document that isn't YAML or JSON, or is more of it than we take. Carries the place; no stack trace, since nobody reads it. */
final class SyntaxProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    SyntaxProblem(int offset, String problem) {
        super(problem, null, false, false);
        this.offset = offset;
    }

    /** In the whole text, from 0. */
    int offset() {
        return offset;
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
