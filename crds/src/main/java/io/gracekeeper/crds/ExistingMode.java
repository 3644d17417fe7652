package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When workloads that are already there get their turn. */
public enum ExistingMode {
    /** When somebody changes their template. */
    @JsonProperty("NextRollout")
    NEXT_ROLLOUT,

    /** The operator rolls them, a few at a time. */
    @JsonProperty("Paced")
    PACED;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case NEXT_ROLLOUT -> "NextRollout";
            case PACED -> "Paced";
        };
    }
}
