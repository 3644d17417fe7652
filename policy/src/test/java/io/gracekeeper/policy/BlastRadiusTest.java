package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.policy.BlastRadius.Candidate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a policy would refuse")
class BlastRadiusTest {
    private static final PolicyReference WEB = new PolicyReference("shop", "web");
    private static final String DENY = "{requirements: {shutdownSeconds: 40}, validation: {actions: [Deny]}}";

    @Test
    @DisplayName("is counted, and the first by name is the example, in whatever order they come")
    void counted() {
        BlastRadius radius = radius(List.of(), DENY, List.of(bad("shop", "web"), bad("shop", "api"), good("shop")));

        assertThat(radius).isEqualTo(new BlastRadius(2, "Deployment shop/api", 3, 3));
        assertThat(radius.warnings(WEB))
                .containsExactly("gracekeeper: web: would refuse 2 workloads if created now, e.g. Deployment shop/api");
    }

    @Test
    @DisplayName("is said in the singular of one, and not at all of none")
    void oneAndNone() {
        assertThat(radius(List.of(), DENY, List.of(bad("shop", "api"))).warnings(WEB))
                .containsExactly("gracekeeper: web: would refuse 1 workload if created now, e.g. Deployment shop/api");
        assertThat(radius(List.of(), DENY, List.of(good("shop"))).warnings(WEB)).isEmpty();
        assertThat(radius(List.of(), DENY, List.of()).warnings(WEB)).isEmpty();
    }

    @Test
    @DisplayName(
            "leaves out what another policy refuses already, what injection makes right, and what is only warned of")
    void onlyBecauseOfIt() {
        List<Candidate> bad = List.of(bad("shop", "api"));
        assertThat(radius(List.of(policy("other", DENY)), DENY, bad).refused()).isZero();
        assertThat(radius(List.of(), DENY.replace("Deny]}", "Deny]}, injection: {mode: Apply}"), bad)
                        .refused())
                .isZero();
        assertThat(radius(List.of(), DENY.replace("Deny]}", "Deny]}, injection: {mode: DryRun}"), bad)
                        .refused())
                .isOne();
        assertThat(radius(List.of(), DENY.replace("Deny", "Warn"), bad).refused())
                .isZero();
    }

    @Test
    @DisplayName("is not looked for where the policy doesn't reach")
    void reach() {
        BlastRadius radius = radius(List.of(), DENY, List.of(bad("elsewhere", "api"), bad("shop", "api")));
        assertThat(radius).isEqualTo(new BlastRadius(1, "Deployment shop/api", 1, 1));
    }

    @Test
    @DisplayName("of a cluster policy is looked for in the namespaces that it selects")
    void clusterPolicy() {
        var policy = Yaml.read("""
                metadata: {name: base}
                spec:
                  namespaceSelector: {matchLabels: {env: prod}}
                  requirements: {shutdownSeconds: 40}
                  validation: {actions: [Deny]}
                """, ClusterGracefulShutdownPolicy.class);
        Map<String, Map<String, String>> namespaces = Map.of("shop", Map.of("env", "prod"), "dev", Map.of());
        BlastRadius radius = BlastRadius.of(
                PolicyReference.cluster("base"),
                snapshot(new PolicyInputs(List.of(), List.of(policy), List.of(), namespaces)),
                snapshot(new PolicyInputs(List.of(), List.of(), List.of(), namespaces)),
                WorkloadKinds.BUILT_IN,
                InstantSource.fixed(Yaml.NOW),
                List.of(bad("dev", "api"), bad("shop", "web")),
                () -> true);
        assertThat(radius).isEqualTo(new BlastRadius(1, "Deployment shop/web", 1, 1));
    }

    @Test
    @DisplayName("leaves out what an exception forgives")
    void exceptions() {
        var exception = Yaml.read("""
                metadata: {name: e, namespace: shop}
                spec:
                  target: {kind: Deployment, names: [api]}
                  rules: [BudgetFits]
                  reason: OPS-9
                  expiresAt: "2026-12-24T00:00:00Z"
                """, ShutdownException.class);
        BlastRadius radius = BlastRadius.of(
                WEB,
                snapshot(new PolicyInputs(List.of(policy("web", DENY)), List.of(), List.of(exception), Map.of())),
                snapshot(new PolicyInputs(List.of(), List.of(), List.of(exception), Map.of())),
                WorkloadKinds.BUILT_IN,
                InstantSource.fixed(Yaml.NOW),
                List.of(bad("shop", "api"), bad("shop", "web")),
                () -> true);
        assertThat(radius).isEqualTo(new BlastRadius(1, "Deployment shop/web", 2, 2));
    }

    @Test
    @DisplayName("is cut off where the time is over, reads nothing after that, and says what was looked at")
    void cutOff() {
        var read = new AtomicInteger();
        List<Candidate> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            JsonNode object = object("shop", "d" + i, 30);
            many.add(new Candidate("shop", () -> {
                read.incrementAndGet();
                return object;
            }));
        }
        var asked = new AtomicInteger();
        BlastRadius radius = radius(List.of(), DENY, many, () -> asked.incrementAndGet() <= 10);

        assertThat(radius).isEqualTo(new BlastRadius(10, "Deployment shop/d0", 10, 1000));
        assertThat(read).hasValue(10);
        assertThat(asked).hasValue(11);
        assertThat(radius.warnings(WEB))
                .containsExactly("gracekeeper: web: would refuse at least 10 workloads if created now"
                        + " (looked at 10 of 1000), e.g. Deployment shop/d0");
    }

    @Test
    @DisplayName("that was cut off before anything was found doesn't pass for nothing")
    void cutOffWithoutFinding() {
        BlastRadius radius = radius(List.of(), DENY, List.of(bad("shop", "api"), bad("shop", "web")), () -> false);
        assertThat(radius).isEqualTo(new BlastRadius(0, null, 0, 2));
        assertThat(radius.warnings(WEB))
                .containsExactly("gracekeeper: web: looked at 0 of 2 workloads in time, and would refuse none of them");
    }

    private static BlastRadius radius(List<GracefulShutdownPolicy> others, String spec, List<Candidate> candidates) {
        return radius(others, spec, candidates, () -> true);
    }

    private static BlastRadius radius(
            List<GracefulShutdownPolicy> others, String spec, List<Candidate> candidates, BooleanSupplier goOn) {
        List<GracefulShutdownPolicy> all = new ArrayList<>(others);
        all.add(policy("web", spec));
        return BlastRadius.of(
                WEB,
                snapshot(PolicyInputs.of(all)),
                snapshot(PolicyInputs.of(others)),
                WorkloadKinds.BUILT_IN,
                InstantSource.fixed(Yaml.NOW),
                candidates,
                goOn);
    }

    private static PolicySnapshot snapshot(PolicyInputs inputs) {
        return PolicySnapshot.of(inputs, EngineSettings.DEFAULT);
    }

    private static GracefulShutdownPolicy policy(String name, String spec) {
        return Yaml.read(
                "{metadata: {name: " + name + ", namespace: shop}, spec: " + spec + "}", GracefulShutdownPolicy.class);
    }

    private static Candidate bad(String namespace, String name) {
        return new Candidate(namespace, () -> object(namespace, name, 30));
    }

    private static Candidate good(String namespace) {
        return new Candidate(namespace, () -> object(namespace, "good", 60));
    }

    private static JsonNode object(String namespace, String name, int grace) {
        return Yaml.tree("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: %s}
                spec:
                  template:
                    metadata: {labels: {app: checkout}}
                    spec: {terminationGracePeriodSeconds: %d, containers: [{name: app}]}
                """.formatted(name, namespace, grace));
    }
}
