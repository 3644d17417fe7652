package io.gracekeeper.operator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.InstantSource;
import java.util.Set;

/** What our webhooks answer, by the same engine, called under the conditions that the chart sets. */
public final class SimulatedWebhook implements Admission {
    private static final EngineSettings SETTINGS =
            new EngineSettings(3600, Set.of("gracekeeper-system-canary"), WorkloadKinds.BUILT_IN);

    private final FakeApiServer api;

    /** A webhook in front of this API server. */
    public SimulatedWebhook(FakeApiServer api) {
        this.api = api;
    }

    @Override
    public ObjectNode admit(ObjectNode object, ObjectNode old) {
        var engine = new PolicyEngine(
                PolicySnapshot.of(api.storedInputs(), SETTINGS), WorkloadKinds.BUILT_IN, InstantSource.system());
        boolean templateChanged = old == null || !object.at("/spec/template").equals(old.at("/spec/template"));
        boolean touched = old != null && !PolicyEngine.touch(object).equals(PolicyEngine.touch(old));
        String namespace = object.at("/metadata/namespace").asText("gracekeeper-system-canary");
        ObjectNode admitted = object;
        if (templateChanged || touched) {
            Mutation mutation = engine.mutate(request(object, null, namespace));
            admitted = (ObjectNode) mutation.applyTo(object);
        }
        if (old == null || !admitted.at("/spec/template").equals(old.at("/spec/template"))) {
            if (engine.decide(request(admitted, old, namespace)) instanceof Decision.Denied denied) {
                throw new Refused(
                        422,
                        "admission webhook \"validate.workloads.gracekeeper.io\" denied the request: "
                                + denied.message());
            }
        }
        return admitted;
    }

    private static Request request(ObjectNode object, ObjectNode old, String namespace) {
        return new Request(
                object, old, WorkloadKinds.BUILT_IN.named("Deployment"), namespace, Origin.NONE, Revisions.NONE);
    }
}
