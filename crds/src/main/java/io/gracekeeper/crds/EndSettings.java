package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which termination settings pods had when they ended. */
public enum EndSettings {
    /** Others than the current template has. */
    @JsonProperty("Old")
    OLD,

    /** Those of the current template. */
    @JsonProperty("Current")
    CURRENT,

    /** Some had old ones, some current ones. */
    @JsonProperty("Mixed")
    MIXED;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case OLD -> "Old";
            case CURRENT -> "Current";
            case MIXED -> "Mixed";
        };
    }
}
