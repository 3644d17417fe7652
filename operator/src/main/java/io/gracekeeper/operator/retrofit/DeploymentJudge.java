package io.gracekeeper.operator.retrofit;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.Json;
import java.time.InstantSource;

/** Judges Deployments that are fresher than what informers know. */
final class DeploymentJudge {
    private final Json json;
    private final WorkloadKinds kinds;
    private final InstantSource clock;

    DeploymentJudge(Json json, WorkloadKinds kinds, InstantSource clock) {
        this.json = json;
        this.kinds = kinds;
        this.clock = clock;
    }

    Judgement judge(Deployment deployment, PolicySnapshot snapshot) {
        return new PolicyEngine(snapshot, kinds, clock).judge(json.tree(deployment));
    }
}
