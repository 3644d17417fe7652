package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether Gracekeeper edits workloads. */
public enum InjectionMode {
    /** Never. */
    @JsonProperty("Disabled")
    DISABLED,

    /** No, but the status says what Apply would fix. */
    @JsonProperty("DryRun")
    DRY_RUN,

    /** Yes. */
    @JsonProperty("Apply")
    APPLY;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case DISABLED -> "Disabled";
            case DRY_RUN -> "DryRun";
            case APPLY -> "Apply";
        };
    }
}
