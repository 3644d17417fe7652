package io.gracekeeper.policy;

/**
 * Advice about one workload.
 *
 * @param rule which advice
 * @param field full path of what it is about
 * @param message one or two sentences with the numbers and what to do
 */
public record Note(Rule rule, String field, String message) {}
