package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a pod was ended. */
public enum EndCause {
    /** A newer revision took its place. */
    @JsonProperty("Rollout")
    ROLLOUT,

    /** Fewer replicas were asked for. */
    @JsonProperty("ScaleIn")
    SCALE_IN,

    /** Drained, preempted or evicted. */
    @JsonProperty("Eviction")
    EVICTION,

    /** Its node went away. */
    @JsonProperty("Node")
    NODE,

    /** Somebody deleted it. */
    @JsonProperty("External")
    EXTERNAL;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case ROLLOUT -> "Rollout";
            case SCALE_IN -> "ScaleIn";
            case EVICTION -> "Eviction";
            case NODE -> "Node";
            case EXTERNAL -> "External";
        };
    }
}
