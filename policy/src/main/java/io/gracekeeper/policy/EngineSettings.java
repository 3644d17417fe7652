package io.gracekeeper.policy;

import java.util.Set;

/**
 * What an installation fixes for every policy.
 *
 * @param maxTerminationGracePeriodSeconds the hard cap of the chart, in seconds: no policy may allow or need more
 * @param exemptNamespaces namespaces that no cluster policy reaches: kube-system, kube-node-lease and our own
 * @param kinds the workload kinds that policies may name
 */
public record EngineSettings(int maxTerminationGracePeriodSeconds, Set<String> exemptNamespaces, WorkloadKinds kinds) {
    /** Namespaces in which a mistake of ours would stop the cluster; webhooks never match them either. */
    public static final Set<String> SYSTEM_NAMESPACES = Set.of("kube-system", "kube-node-lease");

    /** What the chart installs by default: at most an hour. */
    public static final EngineSettings DEFAULT = new EngineSettings(3600);

    /** Copies the set. */
    public EngineSettings {
        exemptNamespaces = Set.copyOf(exemptNamespaces);
    }

    /** Kubernetes' own kinds, and no namespace of our own. */
    public EngineSettings(int maxTerminationGracePeriodSeconds) {
        this(maxTerminationGracePeriodSeconds, SYSTEM_NAMESPACES, WorkloadKinds.BUILT_IN);
    }
}
