package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.RuleActions;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.BlastRadius.Candidate;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyInputs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The forecast for whoever writes a policy")
class PolicyForecastTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final JsonNode BAD =
            Reviews.read("deployment-create").at("/request/object"); // shop/checkout, 30 s of grace

    private final AtomicInteger read = new AtomicInteger();

    @Test
    @DisplayName("is what it would refuse")
    void refuses() {
        assertThat(forecast(List.of(), 3, LONG).of(policy("web", deny())))
                .containsExactly(
                        "gracekeeper: web: would refuse 3 workloads if created now, e.g. Deployment shop/checkout");
    }

    @Test
    @DisplayName("compares an update with the cluster without the policy that it replaces")
    void update() {
        List<GracefulShutdownPolicy> now = List.of(policy("web", deny()));
        assertThat(forecast(now, 1, LONG).of(policy("web", deny()))).hasSize(1);
        assertThat(forecast(now, 1, LONG).of(policy("other", deny())))
                .as("web refuses it already")
                .isEmpty();
    }

    @Test
    @DisplayName("of a policy that refuses nothing reads no workload")
    void noDeny() {
        var warns = new Validation(List.of(ValidationAction.WARN));
        assertThat(forecast(List.of(), 3, LONG).of(policy("web", warns))).isEmpty();
        assertThat(read).hasValue(0);
    }

    @Test
    @DisplayName("is made where one rule alone refuses")
    void oneRule() {
        var budget = new Validation(null, List.of(new RuleActions("BudgetFits", List.of(ValidationAction.DENY))), null);
        assertThat(forecast(List.of(), 1, LONG).of(policy("web", budget))).hasSize(1);
    }

    @Test
    @DisplayName("of a cluster policy is made of the namespaces that it selects")
    void clusterPolicy() {
        assertThat(forecast(List.of(), 2, LONG).of(clusterPolicy("prod")))
                .containsExactly(
                        "gracekeeper: base: would refuse 2 workloads if created now, e.g. Deployment shop/checkout");
        assertThat(forecast(List.of(), 2, LONG).of(clusterPolicy("dev"))).isEmpty();
        assertThat(read).as("of dev, nothing").hasValue(2);
    }

    @Test
    @DisplayName("has no time to look at 100,000 workloads, and says how far it came")
    void bounded() {
        long start = System.nanoTime();
        List<String> warnings =
                forecast(List.of(), 100_000, Duration.ofMillis(150)).of(policy("web", deny()));
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(read.get()).isLessThan(100_000);
        assertThat(warnings).singleElement().asString().contains("ooked at " + read.get() + " of 100000");
        assertThat(took).as("the API server waits for three seconds").isLessThan(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("without any time is no silence")
    void noTime() {
        assertThat(forecast(List.of(), 2, Duration.ZERO).of(policy("web", deny())))
                .containsExactly("gracekeeper: web: looked at 0 of 2 workloads in time, and would refuse none of them");
        assertThat(read).hasValue(0);
    }

    private PolicyForecast forecast(List<GracefulShutdownPolicy> now, int workloads, Duration atMost) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < workloads; i++) {
            candidates.add(new Candidate("shop", () -> {
                read.incrementAndGet();
                return BAD;
            }));
        }
        return new PolicyForecast(
                EngineSettings.DEFAULT,
                () -> new PolicyInputs(now, List.of(), List.of(), Map.of("shop", Map.of("env", "prod"))),
                () -> candidates,
                InstantSource.system(),
                atMost);
    }

    private static Validation deny() {
        return new Validation(List.of(ValidationAction.DENY));
    }

    private static GracefulShutdownPolicySpec spec(Validation validation) {
        return new GracefulShutdownPolicySpec(null, new Requirements(null, 40, 5, null), validation, null, null);
    }

    private static GracefulShutdownPolicy policy(String name, Validation validation) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        policy.setSpec(spec(validation));
        return policy;
    }

    private static ClusterGracefulShutdownPolicy clusterPolicy(String env) {
        var policy = new ClusterGracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder().withName("base").build());
        policy.setSpec(ClusterGracefulShutdownPolicySpec.of(new LabelSelector(null, Map.of("env", env)), spec(deny())));
        return policy;
    }
}
