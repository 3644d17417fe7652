package io.gracekeeper.webhook;

/** Where reviews are answered. The webhook configurations of the chart name exactly these. */
public enum AdmissionPath {
    /** Injection into workloads. */
    MUTATE_WORKLOADS("/mutate/workloads"),
    /** Refusal of workloads that can't drain. */
    VALIDATE_WORKLOADS("/validate/workloads"),
    /** Refusal of policies that can't hold. */
    VALIDATE_POLICIES("/validate/policies");

    private final String path;

    AdmissionPath(String path) {
        this.path = path;
    }

    /** The path of the URL. */
    public String path() {
        return path;
    }
}
