package io.gracekeeper.operator.workload;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.policy.Judgement;

/**
 * A Deployment and what the engine says about it.
 *
 * @param deployment of an informer; never changed
 */
public record JudgedDeployment(Deployment deployment, Judgement judgement) {}
