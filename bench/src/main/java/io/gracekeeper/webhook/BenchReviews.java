package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Match;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.WorkloadKinds;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the benchmarks measure with: updates of a Deployment of 6.5 KB (15 KB of review, since the old object comes along), as the
 * API server sends them, and a handler with as many policies as asked for.
 */
final class BenchReviews {
    private static final int DEPLOYMENT_BYTES = 6_500;

    private BenchReviews() {}

    /** What is answered, which is what the work depends on. */
    enum Kind {
        /** Another image in a Deployment that obeys: nearly all that a cluster sends. */
        ALLOWED(AdmissionPath.VALIDATE_WORKLOADS),
        /** The hooks and the time are taken out of one that obeyed. */
        REFUSED(AdmissionPath.VALIDATE_WORKLOADS),
        /** Another image in one that has no hook yet. */
        PATCHED(AdmissionPath.MUTATE_WORKLOADS);

        private final AdmissionPath path;

        Kind(AdmissionPath path) {
            this.path = path;
        }

        AdmissionPath path() {
            return path;
        }

        /** The bytes of the review. */
        byte[] review() {
            return switch (this) {
                case ALLOWED -> update(true, true);
                case REFUSED -> update(true, false);
                case PATCHED -> update(false, false);
            };
        }
    }

    /** The webhook's own example, made as long as an ordinary Deployment by environment variables, and given a past. */
    private static byte[] update(boolean obeyed, boolean obeys) {
        try {
            var json = new ObjectMapper();
            ObjectNode review = (ObjectNode) json.readTree(WarmUp.review());
            ObjectNode request =
                    review.withObject("/request").put("operation", "UPDATE").put("dryRun", false);
            ObjectNode object = request.withObject("/object");
            ArrayNode env =
                    object.withObject("/spec/template/spec/containers/0").withArray("env");
            for (int i = 0; json.writeValueAsBytes(object).length < DEPLOYMENT_BYTES; i++) {
                env.addObject().put("name", "SETTING_" + i).put("value", "a value of an ordinary length " + i);
            }
            ObjectNode old = object.deepCopy();
            request.set("oldObject", old);
            object.withObject("/metadata").put("generation", 2);
            object.withObject("/spec/template/spec/containers/0")
                    .put("image", "registry.example.com/shop/checkout:2.0.0");
            old.withObject("/status")
                    .put("observedGeneration", 1)
                    .put("replicas", 3)
                    .put("readyReplicas", 3);
            for (int i = 0; i < 2; i++) {
                old.withArray("/status/conditions")
                        .addObject()
                        .put("type", i == 0 ? "Available" : "Progressing")
                        .put("status", "True")
                        .put("lastUpdateTime", "2026-11-24T09:00:00Z")
                        .put("lastTransitionTime", "2026-11-24T09:00:00Z")
                        .put("reason", i == 0 ? "MinimumReplicasAvailable" : "NewReplicaSetAvailable")
                        .put(
                                "message",
                                "the deployment controller has a sentence of an ordinary length to say about it");
            }
            obey(old, obeyed);
            obey(object, obeys);
            return json.writeValueAsBytes(review);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void obey(ObjectNode deployment, boolean obeys) {
        if (!obeys) {
            return;
        }
        ObjectNode spec = deployment.withObject("/spec/template/spec").put("terminationGracePeriodSeconds", 45);
        for (int i = 0; i < spec.path("containers").size(); i++) {
            spec.withObject("/containers/" + i + "/lifecycle/preStop/sleep").put("seconds", 10);
        }
    }

    /** A handler whose namespace has this many policies, all of which match. */
    static AdmissionReviewHandler handler(int policies) {
        List<CompiledPolicy> compiled = IntStream.range(0, policies)
                .mapToObj(i -> CompiledPolicy.of(
                        new PolicyReference("shop", "policy-%02d".formatted(i)),
                        new GracefulShutdownPolicySpec(
                                new Match(null, null),
                                new Requirements(10, 20 + i % 3, 5, 600),
                                new Validation(List.of(ValidationAction.DENY)),
                                new Injection(InjectionMode.APPLY, null),
                                null)))
                .toList();
        return new AdmissionReviewHandler(
                new PolicyEngine(
                        namespace -> new NamespacePolicies(compiled), WorkloadKinds.BUILT_IN, InstantSource.system()),
                EngineSettings.DEFAULT,
                new WebhookMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    }
}
