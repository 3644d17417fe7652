package io.gracekeeper.runtime;

import io.gracekeeper.policy.WorkloadKind;

/**
 * A kind of workload of another group that an administrator has registered.
 *
 * @param kind what the engine needs to know of it
 * @param version of its API, which webhooks and watches ask for
 * @param resource its plural in URLs, for instance {@code rollouts}
 */
public record RegisteredKind(WorkloadKind kind, String version, String resource) {}
