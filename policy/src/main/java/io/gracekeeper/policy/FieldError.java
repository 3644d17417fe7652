package io.gracekeeper.policy;

/**
 * What is wrong with one field of a policy.
 *
 * @param path for instance {@code spec.match.selector.matchExpressions[0].operator}
 * @param message what is wrong, and the fix
 */
public record FieldError(String path, String message) {
    /** The path, a colon and the message. */
    public String text() {
        return path + ": " + message;
    }
}
