package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.UNAWARE;
import static io.gracekeeper.e2e.apiserver.Manifests.demanding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.runtime.FreezingProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between each process and the API server is a proxy that forgets connections as a firewall does: nothing arrives, nothing is closed. */
@DisplayName("When the connection to the API server loses everything and is not closed,")
@OnRealApiServer
class HalfDeadConnectionApiServerIT {
    /** One interval of the guard and two of its patience, and what it takes to begin again, on a machine that does something else besides. */
    private static final Duration LONGEST = Duration.ofSeconds(45);

    private ApiServer server;
    private FreezingProxy proxy;
    private Path kubeconfig;

    @BeforeEach
    void start(ApiServer api, @TempDir Path folder) throws IOException {
        server = api;
        URI master = URI.create(api.cluster().clientConfig().getMasterUrl());
        proxy = FreezingProxy.to(master.getHost(), master.getPort());
        String direct = Files.readString(api.cluster().kubeconfig());
        assertThat(direct).contains(master.getAuthority());
        kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), direct.replace(master.getAuthority(), "127.0.0.1:" + proxy.port()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
    }

    @Test
    @DisplayName("the webhook judges by a policy of afterwards all the same, before a minute is over")
    void webhook() {
        try (var webhook = WebhookUnderTest.start(
                server, server.chart(), "half-dead", WebhookUnderTest.OnFailure.SHOW, kubeconfig)) {
            Kubectl kubectl = webhook.namespaceWith(demanding("validation: {actions: [Warn]}"));
            String bad = Manifests.deployment("bad", UNAWARE);
            assertThat(kubectl.with(bad, "create", "--dry-run=server").succeeded())
                    .isTrue();

            assertThat(proxy.freeze()).isPositive();
            kubectl.apply(demanding("validation: {actions: [Deny]}"));

            await("the webhook has heard of it")
                    .atMost(LONGEST)
                    .until(() -> kubectl.with(bad, "create", "--dry-run=server")
                            .err()
                            .contains("(gsp/web)"));
        }
    }

    @Test
    @DisplayName("the operator counts a workload of afterwards all the same, by whichever replica leads then")
    void operator() {
        Kubectl kubectl = server.cluster().newNamespace("half-dead");
        kubectl.apply(demanding("validation: {actions: [Warn]}"));
        try (var operator = OperatorUnderTest.start(server, "half-dead-canary", kubeconfig)) {
            await("it is at work").until(() -> !operator.leader().isEmpty() && matched(kubectl) == 0);

            assertThat(proxy.freeze()).isPositive();
            kubectl.apply(Manifests.deployment("new", UNAWARE));

            await("the operator has heard of it").atMost(LONGEST).until(() -> matched(kubectl) == 1);
        }
    }

    /** -1 where nobody has counted yet. */
    private static int matched(Kubectl kubectl) {
        return kubectl.get("gsp", "web").at("/status/matched").asInt(-1);
    }
}
