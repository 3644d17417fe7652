package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;

/**
 * One workload of a retrofit.
 *
 * @param candidate what is decided from
 * @param deployment what it was read from, the newest that we know
 */
record Member(Candidate candidate, Deployment deployment) {
    /** Kind and name. */
    String display() {
        return "Deployment/" + deployment.getMetadata().getName();
    }
}
