package io.gracekeeper.policy;

import java.util.List;
import java.util.Map;

/**
 * What holds in one namespace, at one moment.
 *
 * @param policies those of the namespace and those of the cluster that select it, in the order of precedence
 * @param exceptions of the namespace, by name; also those that have expired
 * @param namespaceLabels of the namespace
 */
public record NamespacePolicies(
        List<CompiledPolicy> policies, List<CompiledException> exceptions, Map<String, String> namespaceLabels) {
    /** Nothing holds. */
    public static final NamespacePolicies NONE = new NamespacePolicies(List.of(), List.of(), Map.of());

    /** Copies the collections. */
    public NamespacePolicies {
        policies = List.copyOf(policies);
        exceptions = List.copyOf(exceptions);
        namespaceLabels = Map.copyOf(namespaceLabels);
    }

    /** Policies alone. */
    public NamespacePolicies(List<CompiledPolicy> policies) {
        this(policies, List.of(), Map.of());
    }
}
