package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** One word for a rollout. */
public enum Verdict {
    /** Not every expected end is judged. */
    @JsonProperty("InProgress")
    IN_PROGRESS,

    /** Every main container of every expected pod was seen to end well. */
    @JsonProperty("NoForcedKill")
    NO_FORCED_KILL,

    /** At least one was killed at the end of its grace. */
    @JsonProperty("ForcedKill")
    FORCED_KILL,

    /** None was killed, but at least one ended out of memory or with an error. */
    @JsonProperty("Ungraceful")
    UNGRACEFUL,

    /** Nothing bad was seen, but not everything was seen. */
    @JsonProperty("Unverified")
    UNVERIFIED,

    /** The rollout had no old pod to end. */
    @JsonProperty("NothingEnded")
    NOTHING_ENDED;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case IN_PROGRESS -> "InProgress";
            case NO_FORCED_KILL -> "NoForcedKill";
            case FORCED_KILL -> "ForcedKill";
            case UNGRACEFUL -> "Ungraceful";
            case UNVERIFIED -> "Unverified";
            case NOTHING_ENDED -> "NothingEnded";
        };
    }
}
