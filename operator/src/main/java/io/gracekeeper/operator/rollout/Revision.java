package io.gracekeeper.operator.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One revision of a Deployment.
 *
 * @param number as in {@code kubectl rollout history}
 * @param start when its rollout began, by the API server's clock, whole seconds
 * @param replicaSetUid of the ReplicaSet that holds it; null while that is not made yet
 */
record Revision(long number, Instant start, @Nullable String replicaSetUid) {}
