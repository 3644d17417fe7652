package io.gracekeeper.policy;

/**
 * Which policy a value or a verdict comes from. In the order of precedence: policies of a namespace before the cluster's.
 *
 * @param scope of the policy
 * @param namespace of the policy; empty for the cluster's
 * @param name of the policy
 */
public record PolicyReference(Scope scope, String namespace, String name) implements Comparable<PolicyReference> {
    /** How far a policy reaches. */
    public enum Scope {
        /** One namespace: {@code GracefulShutdownPolicy}. */
        NAMESPACE("gsp"),
        /** Those that it selects: {@code ClusterGracefulShutdownPolicy}. */
        CLUSTER("cgsp");

        private final String shortName;

        Scope(String shortName) {
            this.shortName = shortName;
        }
    }

    /** A policy of one namespace. */
    public PolicyReference(String namespace, String name) {
        this(Scope.NAMESPACE, namespace, name);
    }

    /** A policy of the cluster. */
    public static PolicyReference cluster(String name) {
        return new PolicyReference(Scope.CLUSTER, "", name);
    }

    @Override
    public int compareTo(PolicyReference other) {
        int byScope = scope.compareTo(other.scope);
        int byNamespace = byScope != 0 ? byScope : namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** As {@code kubectl get} takes it, for instance {@code gsp/web} or {@code cgsp/baseline}. */
    @Override
    public String toString() {
        return scope.shortName + "/" + name;
    }
}
