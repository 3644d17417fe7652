package io.gracekeeper.webhook;

import java.time.InstantSource;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.policy.NamespacePolicies;
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
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyReference;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/** What the benchmarks measure with: a review of a Deployment of 6 KB, and a handler with as many policies as asked for. */
final class BenchReviews {
    private static final int DEPLOYMENT_BYTES = 6 * 1024;

    private BenchReviews() {}

    /** The webhook's own example, made as long as an ordinary Deployment by environment variables. */
    static byte[] review() {
        try {
            var json = new ObjectMapper();
            ObjectNode review = (ObjectNode) json.readTree(WarmUp.review());
            ObjectNode object = (ObjectNode) review.at("/request/object");
            ArrayNode env = ((ObjectNode) object.at("/spec/template/spec/containers/0")).withArray("env");
            for (int i = 0; json.writeValueAsBytes(object).length < DEPLOYMENT_BYTES; i++) {
                env.addObject().put("name", "SETTING_" + i).put("value", "a value of an ordinary length " + i);
            }
            return json.writeValueAsBytes(review);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
                new WebhookMetrics(new SimpleMeterRegistry()));
    }
}
