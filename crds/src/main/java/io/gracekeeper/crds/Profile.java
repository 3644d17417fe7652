package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Values for the requirements that a policy leaves unset. Frozen for a version of the API. */
public enum Profile {
    /** No values. */
    @JsonProperty("None")
    NONE,

    /** Serves short requests: drain delay 10 s, shutdown 20 s, margin 5 s. */
    @JsonProperty("Web")
    WEB,

    /** Serves connections that last: drain delay 10 s, shutdown 300 s, margin 30 s. */
    @JsonProperty("LongLived")
    LONG_LIVED,

    /** Takes work by itself: no drain delay, shutdown 60 s, margin 15 s, no readiness probe asked for. */
    @JsonProperty("Worker")
    WORKER,

    /** Runs to its end: no drain delay, shutdown 30 s, margin 5 s. */
    @JsonProperty("Job")
    JOB;

    /** The word that stands in YAML. */
    public String word() {
        return switch (this) {
            case NONE -> "None";
            case WEB -> "Web";
            case LONG_LIVED -> "LongLived";
            case WORKER -> "Worker";
            case JOB -> "Job";
        };
    }
}
