package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.operator.workload.Finding;

/**
 * A Deployment and what the engine says about it.
 *
 * @param deployment of an informer; never changed
 */
public record JudgedDeployment(Deployment deployment, Finding finding) {}
