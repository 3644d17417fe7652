package io.gracekeeper.cli.policies;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.policy.PolicyInputs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the engine judges by. Everything in it is valid.
 *
 * @param policies of namespaces, each with its namespace
 * @param clusterPolicies of the cluster
 * @param exceptions each with its namespace
 * @param namespaces the labels of those that are known
 * @param defaultNamespace of objects that name none
 */
public record PolicySet(
        List<GracefulShutdownPolicy> policies,
        List<ClusterGracefulShutdownPolicy> clusterPolicies,
        List<ShutdownException> exceptions,
        Map<String, Map<String, String>> namespaces,
        String defaultNamespace) {
    /** Copies the collections. */
    public PolicySet {
        policies = List.copyOf(policies);
        clusterPolicies = List.copyOf(clusterPolicies);
        exceptions = List.copyOf(exceptions);
        namespaces = Map.copyOf(namespaces);
    }

    /** Whether there is nothing to judge by. */
    public boolean isEmpty() {
        return policies.isEmpty() && clusterPolicies.isEmpty();
    }

    /** The same, with the labels of one more namespace. */
    public PolicySet withNamespace(String name, Map<String, String> labels) {
        Map<String, Map<String, String>> more = new HashMap<>(namespaces);
        more.put(name, labels);
        return new PolicySet(policies, clusterPolicies, exceptions, more, defaultNamespace);
    }

    /** For the engine. */
    PolicyInputs inputs() {
        return new PolicyInputs(policies, clusterPolicies, exceptions, namespaces);
    }

    /** For the engine, with cluster policies that select every namespace. */
    PolicyInputs inputsOfUnknownNamespaces() {
        List<ClusterGracefulShutdownPolicy> everywhere = clusterPolicies.stream()
                .map(policy -> {
                    var copy = new ClusterGracefulShutdownPolicy();
                    copy.setMetadata(policy.getMetadata());
                    copy.setSpec(ClusterGracefulShutdownPolicySpec.of(
                            new LabelSelector(), policy.getSpec().policy()));
                    return copy;
                })
                .toList();
        return new PolicyInputs(policies, everywhere, exceptions, Map.of());
    }
}
