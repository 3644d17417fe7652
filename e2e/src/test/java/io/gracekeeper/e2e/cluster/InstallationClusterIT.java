package io.gracekeeper.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("`helm install` with default values")
@OnRealCluster
@Order(1)
class InstallationClusterIT {
    private Installation installation;
    private Kubectl system;

    @BeforeAll
    void installed(Installation installation) {
        this.installation = installation;
        this.system = installation.system();
    }

    @Test
    @DisplayName(
            "brings two operators and two webhooks, Ready and never restarted, under Pod Security level restricted")
    void pods() {
        JsonNode pods = system.get("pods").path("items");
        assertThat(pods).hasSize(4).allSatisfy(pod -> {
            assertThat(Conditions.status(pod, "Ready")).isEqualTo("True");
            assertThat(pod.at("/status/containerStatuses/0/restartCount").asInt())
                    .isZero();
        });
        pods.forEach(InstallationClusterIT::printReadyTime);
    }

    @Test
    @DisplayName("proves that policies are enforced")
    void enforced() {
        Kubectl shop = installation.cluster().newNamespace("enforced");
        shop.apply(Policies.auditOnly());
        shop.apply(Policies.demanding("validation: {actions: [Deny]}"));
        shop.ok("wait", "--for=condition=Enforced", "gsp/web", "--timeout=180s");
        shop.ok("wait", "--for=condition=Accepted", "gsp/web", "--timeout=10s");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("complies with a policy as strict as its own defaults:")
    @ValueSource(strings = {Installation.WEBHOOK, Installation.OPERATOR})
    void complies(String deployment) {
        Kubectl strict = installation.cluster().newNamespace("strict");
        // The operator serves nobody, so it owes no drain delay; 10 s is what either may take to shut down.
        strict.apply(Policies.policy(
                "{requirements: {drainDelaySeconds: 5, shutdownSeconds: 10}, validation: {actions: [Deny]}}"));
        String careless = new Workload(strict, "careless", 1, Workload.EXITS, "", Workload.SERVES).manifest(1);
        await("the policy is in force")
                .until(() ->
                        !strict.with(careless, "create", "--dry-run=server").succeeded());
        ObjectNode copy = (ObjectNode) system.get("deployment", deployment);
        copy.remove("status");
        copy.putObject("metadata").put("name", deployment);
        var result = strict.with(copy.toString(), "create", "--dry-run=server").orFail();
        assertThat(result.err()).isEmpty();
    }

    @Test
    @DisplayName("keeps every process small: printed here, since a busy machine is no reason to fail")
    void memory() {
        installation
                .cluster()
                .residentMegabytes("io.gracekeeper.image.Main")
                .forEach((process, megabytes) ->
                        System.out.println("measured: resident memory of " + process + " is " + megabytes + " MiB"));
    }

    private static void printReadyTime(JsonNode pod) {
        Instant started = Instant.parse(
                pod.at("/status/containerStatuses/0/state/running/startedAt").asText());
        Instant ready = Instant.parse(
                Conditions.find(pod, "Ready").path("lastTransitionTime").asText());
        System.out.println("measured: " + pod.at("/metadata/name").asText() + " was Ready "
                + Duration.between(started, ready).toSeconds() + " s after its start (whole seconds)");
    }
}
