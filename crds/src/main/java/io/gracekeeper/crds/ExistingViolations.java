package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an update may do that leaves a violation which was there before. */
public enum ExistingViolations {
    /** It is judged like a create. */
    @JsonProperty("Deny")
    DENY,

    /** It passes if it worsens nothing. */
    @JsonProperty("Allow")
    ALLOW;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case DENY -> "Deny";
            case ALLOW -> "Allow";
        };
    }
}
