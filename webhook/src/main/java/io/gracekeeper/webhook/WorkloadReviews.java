package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.OriginReader.Owners;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKind;
import org.jspecify.annotations.Nullable;

/** Which requests about workloads the engine is asked about, and its answer in the terms of a review. */
final class WorkloadReviews {
    private final PolicyEngine engine;
    private final OriginReader origins;
    private final Revisions revisions;

    /**
     * Asks an engine.
     *
     * @param owners who controls ReplicaSets and Jobs, as far as that is known
     * @param revisions of workloads
     */
    WorkloadReviews(PolicyEngine engine, Owners owners, Revisions revisions) {
        this.engine = engine;
        this.origins = new OriginReader(engine.kinds(), owners);
        this.revisions = revisions;
    }

    /** Injects, where the request may change a template at all. */
    Answer mutate(AdmissionRequest request) {
        JsonNode object = request.object();
        WorkloadKind kind = kind(request);
        if (object == null || kind == null) {
            return new Answer.Unjudged();
        }
        Request asked = asked(object, kind, request);
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
        WorkloadKind kind = kind(request);
        if (object == null || kind == null) {
            return new Answer.Unjudged();
        }
        return switch (engine.decide(asked(object, kind, request))) {
            case Decision.Allowed allowed -> new Answer.Allowed(allowed.warnings(), allowed.passage());
            case Decision.Denied denied -> new Answer.Refused(denied.message(), denied.causes(), denied.warnings());
        };
    }

    /** Null where the request is about something that makes no pods, or doesn't write it. */
    private @Nullable WorkloadKind kind(AdmissionRequest request) {
        return request.writes() ? engine.kinds().of(request.group() + "/", request.kind()) : null;
    }

    private Request asked(JsonNode object, WorkloadKind kind, AdmissionRequest request) {
        Origin origin = origins.ofRequest(object, request.namespace(), request.username());
        return new Request(object, request.oldObject(), kind, request.namespace(), origin, revisions);
    }

    /**
     * A template is edited only in a request that creates it, changes it, or gives the workload its turn. The chart's match
     * conditions say the same inside the API server; here it holds whoever calls. Otherwise a {@code kubectl label} would start a
     * rollout (probed on 1.37). Of a pod that exists the API server lets nobody edit what we would.
     */
    private static boolean mayEdit(Request request) {
        return !request.keepsTemplate()
                || (!request.kind().isPod()
                        && !PolicyEngine.touch(request.object()).equals(touchBefore(request)));
    }

    private static String touchBefore(Request request) {
        JsonNode old = request.oldObject();
        return old == null ? "" : PolicyEngine.touch(old);
    }
}
