package io.gracekeeper.operator.unwedge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.runtime.Json;
import java.util.List;
import java.util.Objects;

/** What our webhook would answer now if a ReplicaSet of a Deployment made a pod. */
public final class PodAdmission {
    private final PolicyEngine engine;
    private final Json json;

    /** By the policies that hold at each call. */
    public PodAdmission(PolicyEngine engine, Json json) {
        this.engine = engine;
        this.json = json;
    }

    boolean passes(ReplicaSet replicaSet, String deployment) {
        JsonNode pod = pod(replicaSet);
        var origin = new Origin(
                List.of(
                        new Maker(kind("ReplicaSet"), replicaSet.getMetadata().getName()),
                        new Maker(kind("Deployment"), deployment)),
                true);
        var request = new Request(
                pod, (JsonNode) null, kind("Pod"), replicaSet.getMetadata().getNamespace(), origin, Revisions.NONE);
        if (engine.decide(request) instanceof Decision.Allowed) {
            return true;
        }
        Judgement judgement = engine.judge(pod, origin);
        return judgement.classification() == Classification.FIXABLE
                && judgement.policy().injection().mode() == InjectionMode.APPLY;
    }

    private JsonNode pod(ReplicaSet replicaSet) {
        JsonNode template = json.tree(replicaSet).path("spec").path("template");
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        if (template.path("metadata") instanceof ObjectNode own) {
            metadata.setAll(own);
        }
        metadata.put("namespace", replicaSet.getMetadata().getNamespace());
        metadata.put("generateName", replicaSet.getMetadata().getName() + "-");
        pod.set("spec", template.path("spec"));
        return pod;
    }

    private WorkloadKind kind(String name) {
        return Objects.requireNonNull(engine.kinds().named(name));
    }
}
