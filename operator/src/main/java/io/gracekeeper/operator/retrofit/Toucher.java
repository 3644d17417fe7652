package io.gracekeeper.operator.retrofit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicySnapshot;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one writer to workloads, and all that it ever writes: the annotation {@code gracekeeper.io/inject}. The mutating webhook edits
 * the template in that same request, so the answer tells whether it did.
 */
final class Toucher {
    private static final PatchContext MERGE_PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("gracekeeper")
            .build();

    private final KubernetesClient client;
    private final DeploymentJudge judge;

    Toucher(KubernetesClient client, DeploymentJudge judge) {
        this.client = client;
        this.judge = judge;
    }

    /**
     * Touches a workload.
     *
     * @param fresh read just now; the touch holds for exactly this version
     * @throws KubernetesClientException if nobody knows what became of it
     */
    TouchResult touch(Deployment fresh, PolicySnapshot snapshot) {
        Judgement before = judge.judge(fresh, snapshot);
        if (before.classification() != Classification.FIXABLE) {
            return new TouchResult.Outdated();
        }
        try {
            Deployment target = fresh;
            if (before.injectionHash().equals(FreshDeployments.touch(fresh))) {
                // The webhook is called where the value changes, so one that was ignored has to go first.
                target = patch(fresh, null);
            }
            Deployment answer = patch(target, before.injectionHash());
            return judge.judge(answer, snapshot).classification() == Classification.COMPLIANT
                    ? new TouchResult.Injected(answer, what(before))
                    : new TouchResult.Ignored(answer);
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case 404, 409 -> new TouchResult.Outdated();
                case 400, 403, 422 -> new TouchResult.Refused(String.valueOf(e.getMessage()));
                default -> throw e;
            };
        }
    }

    /** What users are told at {@code kubectl apply}, without the words that say who speaks and of what. */
    private static String what(Judgement judgement) {
        String prefix = "gracekeeper: " + judgement.workload().name() + ": ";
        return judgement.injection().warnings().stream()
                .map(line -> line.startsWith(prefix) ? line.substring(prefix.length()) : line)
                .collect(Collectors.joining("; "));
    }

    private Deployment patch(Deployment target, @Nullable String touch) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("resourceVersion", target.getMetadata().getResourceVersion());
        metadata.putObject("annotations").put(Annotations.INJECT, touch);
        return client.apps()
                .deployments()
                .inNamespace(target.getMetadata().getNamespace())
                .withName(target.getMetadata().getName())
                .patch(MERGE_PATCH, patch.toString());
    }
}
