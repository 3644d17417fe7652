package io.gracekeeper.cli.manifest;

import org.jspecify.annotations.Nullable;

/**
 * An input, or a part of one, that could not be read.
 *
 * @param input its name, as the user wrote it; empty for the cluster
 * @param position where; null where the input as a whole can't be read
 * @param problem what is wrong, and what to do about it where that is known
 */
public record Unreadable(String input, @Nullable Position position, String problem) {
    /** In a compiler's style: {@code file:line:column: problem}. */
    public String display() {
        String place = input.isEmpty() ? "cluster" : input;
        return (position == null || !position.isSomewhere()
                        ? place
                        : place + ":" + position.line() + ":" + position.column())
                + ": " + problem;
    }
}
