package io.gracekeeper.policy;

/**
 * A workload, as far as the rules read it.
 *
 * @param kind for instance Deployment
 * @param namespace where it lives
 * @param name its name, or its {@code generateName} where it has none yet
 * @param template its pod template
 */
public record Workload(WorkloadKind kind, String namespace, String name, PodTemplate template) {
    /** How a text names it, for instance {@code Deployment shop/checkout}. */
    public String display() {
        return kind.kind() + " " + namespace + "/" + name;
    }
}
