package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;

/** What became of a touch. */
sealed interface TouchResult {
    /**
     * The template in the answer has what was to be injected.
     *
     * @param what the values, for people
     */
    record Injected(Deployment answer, String what) implements TouchResult {}

    /** The touch was stored, and the template is as it was. */
    record Ignored(Deployment answer) implements TouchResult {}

    /** Somebody was faster: the workload is to be looked at again. */
    record Outdated() implements TouchResult {}

    /**
     * The API server, or a webhook, refused it.
     *
     * @param message what it said
     */
    record Refused(String message) implements TouchResult {}
}
