package io.gracekeeper.policy;

/**
 * One entry of {@code status.details.causes} of a denial, which kubectl prints on a line of its own.
 *
 * @param field the path
 * @param message text, of one or more lines
 */
public record Cause(String field, String message) {}
