package io.gracekeeper.policy;

/**
 * A merged requirement that remembers who asked for it.
 *
 * @param seconds the value
 * @param source the policy that it came from
 */
public record SourcedSeconds(long seconds, PolicyReference source) {}
