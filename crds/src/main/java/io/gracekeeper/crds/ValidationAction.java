package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is done about a violation. */
public enum ValidationAction {
    /** The request is refused. */
    @JsonProperty("Deny")
    DENY,

    /** The request passes with a warning. */
    @JsonProperty("Warn")
    WARN,

    /** The violation is only counted in the status. */
    @JsonProperty("Audit")
    AUDIT;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case DENY -> "Deny";
            case WARN -> "Warn";
            case AUDIT -> "Audit";
        };
    }
}
