package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a pod ended, best first. */
public enum EndResult {
    /** By itself, in time. */
    @JsonProperty("Clean")
    CLEAN,

    /** Nobody saw how. */
    @JsonProperty("Unseen")
    UNSEEN,

    /** With an exit code that is not a clean one. */
    @JsonProperty("Error")
    ERROR,

    /** Out of memory. */
    @JsonProperty("OOMKilled")
    OOM_KILLED,

    /** Killed at the end of its grace. */
    @JsonProperty("ForcedKill")
    FORCED_KILL;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case CLEAN -> "Clean";
            case UNSEEN -> "Unseen";
            case ERROR -> "Error";
            case OOM_KILLED -> "OOMKilled";
            case FORCED_KILL -> "ForcedKill";
        };
    }
}
