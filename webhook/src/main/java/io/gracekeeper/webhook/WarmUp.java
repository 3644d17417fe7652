package io.gracekeeper.webhook;

import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.NamespacePolicies;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.WorkloadKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Runs a few reviews of a made-up Deployment through a handler of its own before the process says that it is ready. The API server
 * gives a review three seconds, and the first one of a cold JVM took 0.4 of them.
 */
final class WarmUp {
    private static final String REVIEW = "warm-up.json";

    /** More of them would make the compilers busy when the first review comes, which then is no quicker. */
    private static final int ROUNDS = 5;

    /** So that a machine without a free core starts cold rather than late. */
    private static final Duration AT_MOST = Duration.ofMillis(500);

    private WarmUp() {}

    /** Does it, on the calling thread. Nothing of it shows in metrics or logs. */
    static void run() {
        CompiledPolicy policy = policy();
        var engine = new PolicyEngine(
                namespace -> new NamespacePolicies(List.of(policy)), WorkloadKinds.BUILT_IN, InstantSource.system());
        var handler = new AdmissionReviewHandler(
                engine, EngineSettings.DEFAULT, new WebhookMetrics(new SimpleMeterRegistry()));
        byte[] review = review();
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        try {
            for (int round = 0; round < ROUNDS && System.nanoTime() - deadline < 0; round++) {
                handler.handle(AdmissionPath.MUTATE_WORKLOADS, review);
                handler.handle(AdmissionPath.VALIDATE_WORKLOADS, review);
            }
        } catch (BadReviewException e) {
            throw new IllegalStateException(REVIEW + " is no review", e);
        }
    }

    /** The made-up review. */
    static byte[] review() {
        try (InputStream in = WarmUp.class.getResourceAsStream(REVIEW)) {
            if (in == null) {
                throw new IllegalStateException(REVIEW + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompiledPolicy policy() {
        return CompiledPolicy.of(
                new PolicyReference("shop", "warm-up"),
                new GracefulShutdownPolicySpec(
                        null,
                        new Requirements(10, 20, 5, null),
                        new Validation(List.of(ValidationAction.DENY)),
                        new Injection(InjectionMode.APPLY, null),
                        null));
    }
}
