package io.gracekeeper.policy;

/**
 * A workload that made another object.
 *
 * @param kind of the workload
 * @param name of the workload, in the namespace of what it made
 */
public record Maker(WorkloadKind kind, String name) {
    /**
     * Whether a workload of that kind can stand above one of this kind. Of Kubernetes' own only a Deployment's ReplicaSets and a
     * CronJob's Jobs have a workload above them; what others make of either is not known.
     */
    static boolean canBeAbove(WorkloadKind above, WorkloadKind below) {
        return switch (below.kind()) {
            case "ReplicaSet" -> above.kind().equals("Deployment") || !WorkloadKinds.isBuiltIn(above);
            case "Job" -> above.kind().equals("CronJob") || !WorkloadKinds.isBuiltIn(above);
            default -> false;
        };
    }

    /** What its name starts with, where a controller made it of its own workload's name: {@code web-5d4f8c7b9} is of {@code web}. */
    String stem() {
        int dash = name.lastIndexOf('-');
        return dash < 0 ? "" : name.substring(0, dash);
    }
}
