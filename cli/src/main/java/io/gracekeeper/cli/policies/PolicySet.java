package io.gracekeeper.cli.policies;

import io.gracekeeper.crds.GracefulShutdownPolicy;
import java.util.List;

/**
 * What the engine judges by.
 *
 * @param policies of namespaces, each with its namespace
 */
public record PolicySet(List<GracefulShutdownPolicy> policies) {
    /** Copies the lists. */
    public PolicySet {
        policies = List.copyOf(policies);
    }
}
