package io.gracekeeper.policy;

import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Everything that users write and that verdicts depend on.
 *
 * @param policies of all namespaces
 * @param clusterPolicies of the cluster
 * @param exceptions of all namespaces
 * @param namespaces the labels of every namespace, by its name
 */
public record PolicyInputs(
        Collection<GracefulShutdownPolicy> policies,
        Collection<ClusterGracefulShutdownPolicy> clusterPolicies,
        Collection<ShutdownException> exceptions,
        Map<String, Map<String, String>> namespaces) {
    /** Policies of namespaces alone. */
    public static PolicyInputs of(Collection<GracefulShutdownPolicy> policies) {
        return new PolicyInputs(policies, List.of(), List.of(), Map.of());
    }
}
