package io.gracekeeper.policy;

/**
 * Which policy a value or a verdict comes from.
 *
 * @param namespace of the policy
 * @param name of the policy
 */
public record PolicyReference(String namespace, String name) implements Comparable<PolicyReference> {
    @Override
    public int compareTo(PolicyReference other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** As {@code kubectl get} takes it, for instance {@code gsp/web}. */
    @Override
    public String toString() {
        return "gsp/" + name;
    }
}
