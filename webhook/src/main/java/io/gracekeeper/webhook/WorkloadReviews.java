package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKind;
import java.util.Objects;

/** Which requests about workloads the engine is asked about, and its answer in the terms of a review. */
final class WorkloadReviews {
    private static final String GROUP = "apps";
    private static final String VERSION = "v1";
    private static final String KIND = "Deployment";

    private final PolicyEngine engine;

    WorkloadReviews(PolicyEngine engine) {
        this.engine = engine;
    }

    /** Injects, where the request may change a template at all. */
    Answer mutate(AdmissionRequest request) {
        JsonNode object = request.object();
        if (object == null || !request.writes(GROUP, VERSION, KIND)) {
            return new Answer.Unjudged();
        }
        Request asked = asked(object, request);
        if (!mayEdit(asked)) {
            return new Answer.Unjudged();
        }
        Mutation mutation = engine.mutate(asked);
        return mutation.isEmpty()
                ? new Answer.Allowed(mutation.warnings())
                : new Answer.Patched(mutation.patch(), mutation.warnings());
    }

    /** Refuses what can't drain. */
    Answer validate(AdmissionRequest request) {
        JsonNode object = request.object();
        if (object == null || !request.writes(GROUP, VERSION, KIND)) {
            return new Answer.Unjudged();
        }
        return switch (engine.decide(asked(object, request))) {
            case Decision.Allowed allowed -> new Answer.Allowed(allowed.warnings());
            case Decision.Denied denied -> new Answer.Refused(denied.message(), denied.causes(), denied.warnings());
        };
    }

    private Request asked(JsonNode object, AdmissionRequest request) {
        WorkloadKind kind = Objects.requireNonNull(engine.kinds().of(GROUP + "/" + VERSION, KIND));
        return new Request(object, request.oldObject(), kind, request.namespace(), Origin.NONE, Revisions.NONE);
    }

    /**
     * A template is edited only in a request that creates it, changes it, or gives the workload its turn. The chart's match
     * conditions say the same inside the API server; here it holds whoever calls. Otherwise a {@code kubectl label} would start a
     * rollout (probed on 1.37).
     */
    private static boolean mayEdit(Request request) {
        return !request.keepsTemplate() || !PolicyEngine.touch(request.object()).equals(touchBefore(request));
    }

    private static String touchBefore(Request request) {
        JsonNode old = request.oldObject();
        return old == null ? "" : PolicyEngine.touch(old);
    }
}
