package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which main containers need a readiness probe. */
public enum ReadinessProbeRequirement {
    /** Every main container. */
    @JsonProperty("Required")
    REQUIRED,

    /** Every main container that serves a TCP port. */
    @JsonProperty("IfServing")
    IF_SERVING,

    /** None. */
    @JsonProperty("Ignore")
    IGNORE;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case REQUIRED -> "Required";
            case IF_SERVING -> "IfServing";
            case IGNORE -> "Ignore";
        };
    }
}
