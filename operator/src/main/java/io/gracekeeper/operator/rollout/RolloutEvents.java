package io.gracekeeper.operator.rollout;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.operator.event.EventReason;

/** Where Events about rollouts go. */
@FunctionalInterface
interface RolloutEvents {
    /** Sends an Event about a Deployment; never blocks and never fails. */
    void publish(Deployment regarding, EventReason reason, String note);
}
