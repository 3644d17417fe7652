package io.gracekeeper.policy.command;

import java.util.List;

/** What a shell script is made of. */
sealed interface Token {
    /**
     * A word, quotes removed.
     *
     * @param text what is left where an expansion was is not in it
     * @param literal whether the text is all of it: no variable, no substitution, no glob
     * @param bare whether nothing of it was quoted, so that it may be a reserved word
     * @param substitutions scripts inside it whose output becomes part of it
     */
    record Word(String text, boolean literal, boolean bare, List<String> substitutions) implements Token {
        public Word {
            substitutions = List.copyOf(substitutions);
        }

        boolean is(String reserved) {
            return bare && literal && text.equals(reserved);
        }
    }

    /** An operator: {@code ; & && || | ( )} or a line's end, which is {@code ;} too. */
    record Operator(String text) implements Token {}

    /**
     * A redirection.
     *
     * @param descriptor which stream, -1 for both output streams
     * @param output whether it writes
     * @param duplicate whether the target names another descriptor
     * @param target where to
     */
    record Redirection(int descriptor, boolean output, boolean duplicate, Word target) implements Token {}
}
