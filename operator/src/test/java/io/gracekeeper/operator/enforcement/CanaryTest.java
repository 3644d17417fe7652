package io.gracekeeper.operator.enforcement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.operator.apiserver.Admission;
import io.gracekeeper.operator.apiserver.FakeApiServer;
import io.gracekeeper.operator.apiserver.Refused;
import io.gracekeeper.operator.apiserver.SimulatedWebhook;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyValidator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The canary")
class CanaryTest {
    private static final String NAMESPACE = "gracekeeper-system-canary";

    private final FakeApiServer api = new FakeApiServer();
    private final EnforcementState state = new EnforcementState(Clock.systemUTC());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Canary canary = new Canary(api.client(), NAMESPACE, state, meters);

    @AfterEach
    void stop() {
        canary.close();
        api.close();
    }

    @Test
    @DisplayName("proves enforcement when our own engine refuses what it sends, and leaves no Deployment behind")
    void refused() {
        api.admit(new SimulatedWebhook(api));
        canary.start();
        await().until(() -> state.current().isProven());
        assertThat(api.client()
                        .apps()
                        .deployments()
                        .inNamespace(NAMESPACE)
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(policies()).hasSize(1);
        assertThat(meters.get("gracekeeper.enforced").gauge().value()).isEqualTo(1);
    }

    @Test
    @DisplayName("its policy is valid under the smallest cap that a cluster can set")
    void smallestCap() {
        canary.start();
        await().until(() -> policies().size() == 1);
        assertThat(PolicyValidator.validate(policies().get(0).getSpec(), new EngineSettings(1)))
                .isEmpty();
    }

    @Test
    @DisplayName("says that nothing is enforced when it is admitted, and notices soon when that changes")
    void admitted() {
        api.admit(Admission.NONE);
        canary.start();
        await().until(() -> state.current().reason().equals("Admitted"));
        assertThat(state.current().isProven()).isFalse();
        assertThat(meters.get("gracekeeper.enforced").gauge().value()).isZero();
        api.admit((object, old) -> {
            throw new Refused(422, "admission webhook \"validate.workloads.gracekeeper.io\" denied the request: no");
        });
        await().until(() -> state.current().isProven());
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "403|deployments.apps is forbidden|Forbidden",
                "404|namespaces \"c\" not found|CanaryNamespaceMissing",
                "500|failed calling webhook \"validate.workloads.gracekeeper.io\": connection refused|WebhookUnreachable",
                "422|admission webhook \"somebody.else\" denied the request: no|RefusedByAnother",
                "400|bad|RefusedByAnother",
            })
    @DisplayName("says why it proves nothing")
    void reasons(int code, String message, String reason) {
        assertThat(canary.outcome(code, message))
                .isInstanceOfSatisfying(
                        CanaryOutcome.NotRefused.class,
                        outcome -> assertThat(outcome.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @CsvSource({"500,etcdserver: no leader", "503,unavailable", "0,connection refused", "429,too many"})
    @DisplayName("takes silence for no answer")
    void silence(int code, String message) {
        assertThat(canary.outcome(code, message)).isInstanceOf(CanaryOutcome.NoAnswer.class);
    }

    private List<GracefulShutdownPolicy> policies() {
        return api.client()
                .resources(GracefulShutdownPolicy.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems();
    }
}
