package io.gracekeeper.cli.policies;

import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PolicyLister;
import io.gracekeeper.policy.PolicySnapshot;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The policies of a namespace, where nobody may know the namespace's labels: manifests seldom bring them along. There every
 * cluster policy is taken to select it, since a check that passes for want of labels would be worth nothing, and the user is told.
 */
public final class ManifestPolicies implements PolicyLister {
    private final PolicySnapshot known;
    private final PolicySnapshot unknown;
    private final Set<String> namespaces;
    private final boolean selective;
    private final Set<String> assumed = new ConcurrentSkipListSet<>();

    /** The policies of a set. */
    public ManifestPolicies(PolicySet set, EngineSettings settings) {
        known = PolicySnapshot.of(set.inputs(), settings);
        selective = set.clusterPolicies().stream().anyMatch(ManifestPolicies::isSelective);
        unknown = selective ? PolicySnapshot.of(set.inputsOfUnknownNamespaces(), settings) : known;
        namespaces = set.namespaces().keySet();
    }

    private static boolean isSelective(ClusterGracefulShutdownPolicy policy) {
        var selector = policy.getSpec().namespaceSelector();
        return selector != null
                && ((selector.getMatchLabels() != null
                                && !selector.getMatchLabels().isEmpty())
                        || !selector.getMatchExpressions().isEmpty());
    }

    @Override
    public NamespacePolicies policiesIn(String namespace) {
        if (!selective || namespaces.contains(namespace)) {
            return known.policiesIn(namespace);
        }
        assumed.add(namespace);
        return unknown.policiesIn(namespace);
    }

    /** Namespaces for which labels were missing and mattered, sorted. */
    public Set<String> assumed() {
        return Set.copyOf(assumed);
    }
}
