package io.gracekeeper.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.e2e.machine.Kubectl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@DisplayName("When we fail, the cluster goes on:")
@OnRealCluster
@Order(4)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsClusterIT {
    private static final int CLIENTS = 2;
    private static final Duration AWAY = Duration.ofSeconds(60);

    private Installation installation;
    private Kubectl shop;

    @BeforeAll
    void deploy(Installation installation) {
        this.installation = installation;
        shop = installation.cluster().newNamespace("faults");
        shop.apply(Policies.demanding("validation: {actions: [Deny]}, injection: {mode: Apply}"));
        shop.ok("wait", "--for=condition=Enforced", "gsp/web", "--timeout=180s");
        new Workload(shop, "checkout", 1, Workload.EXITS, "", Workload.SERVES).roll(1);
    }

    @Test
    @Order(1)
    @DisplayName("a rollout of the webhook itself fails no request and lets nothing slip through")
    void webhookRollout() throws InterruptedException {
        String bad = new Workload(shop, "bad", 1, Workload.EXITS, "terminationGracePeriodSeconds: 1", Workload.SERVES)
                .manifest(1);
        var going = new AtomicBoolean(true);
        var refused = new AtomicInteger();
        var others = ConcurrentHashMap.<String>newKeySet();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                try (KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(installation.cluster().clientConfig())
                        .build()) {
                    while (going.get()) {
                        if (isRefused(client, bad, others)) {
                            refused.incrementAndGet();
                        }
                    }
                }
            }));
        }
        try {
            installation.system().ok("rollout", "restart", "deployment/" + Installation.WEBHOOK);
            installation.system().ok("rollout", "status", "deployment/" + Installation.WEBHOOK, "--timeout=180s");
            await("the old pods are gone")
                    .until(() -> installation
                                    .system()
                                    .get("pods", "-l", "app.kubernetes.io/component=webhook")
                                    .path("items")
                                    .size()
                            == 2);
        } finally {
            going.set(false);
            for (Thread client : clients) {
                client.join();
            }
        }
        System.out.println("measured: " + refused + " reviews during a rollout of the webhook");
        assertThat(others).isEmpty();
        assertThat(refused).hasPositiveValue();
    }

    private boolean isRefused(
            KubernetesClient client, String manifest, ConcurrentHashMap.KeySetView<String, Boolean> others) {
        try {
            client.resource(manifest).inNamespace(shop.namespace()).dryRun().create();
            others.add("let through");
        } catch (KubernetesClientException e) {
            if (e.getCode() == 422 && String.valueOf(e.getMessage()).contains("gsp/web")) {
                return true;
            }
            others.add(String.valueOf(e.getMessage()));
        }
        return false;
    }

    @Test
    @Order(2)
    @DisplayName(
            "with every webhook dead, Deployments go through and the policy says that it isn't enforced, until one is back")
    void webhooksDead() {
        installation.system().ok("scale", "deployment", Installation.WEBHOOK, "--replicas=0");
        installation.kill(Installation.WEBHOOK);
        var unjudged =
                new Workload(shop, "unjudged", 1, Workload.EXITS, "terminationGracePeriodSeconds: 1", Workload.SERVES);
        await("the last webhook is gone")
                .until(() -> shop.with(unjudged.manifest(1), "create", "--dry-run=server")
                        .succeeded());
        unjudged.roll(1);
        await("Enforced is False")
                .atMost(Duration.ofSeconds(150))
                .until(() ->
                        Conditions.status(shop.get("gsp", "web"), "Enforced").equals("False"));
        JsonNode condition = Conditions.find(shop.get("gsp", "web"), "Enforced");
        assertThat(condition.path("message").asText()).contains("webhook");
        installation.scale(Installation.WEBHOOK, 2);
        shop.ok("wait", "--for=condition=Enforced", "gsp/web", "--timeout=180s");
    }

    @Test
    @Order(3)
    @DisplayName(
            "with the API server gone for a minute in the middle of a rollout, everything comes back by itself, and no end that"
                    + " nobody saw is called clean")
    void apiServerAway() {
        var slow = new Workload(
                        shop, "slow", 1, "sleep 12; exit 0", "terminationGracePeriodSeconds: 40", Workload.SERVES)
                .roll(1);
        slow.startRolling(2);
        await("the rollout is being audited")
                .until(() -> slow.audit("2").at("/status/counts/expected").asInt() == 1);
        shop.ok("rollout", "status", "deployment/slow", "--timeout=180s");
        Runnable startAgain = installation.cluster().killApiServer();
        await().pollDelay(AWAY).atMost(AWAY.plusSeconds(30)).until(() -> true);
        startAgain.run();
        await("the API server is back")
                .until(() -> shop.run("get", "--raw", "/readyz").succeeded());
        JsonNode status = slow.completeAudit("2");
        assertThat(status.path("verdict").asText()).isIn("NoForcedKill", "Unverified");
        assertThat(status.at("/counts/clean").asInt()
                        + status.at("/counts/unseen").asInt())
                .isEqualTo(1);
        assertThat(status.path("verdict").asText().equals("NoForcedKill"))
                .isEqualTo(status.at("/counts/clean").asInt() == 1);
        System.out.println("measured: verdict " + status.path("verdict").asText()
                + " after the API server was away for " + AWAY.toSeconds() + " s");
        String bad = new Workload(shop, "bad", 1, Workload.EXITS, "terminationGracePeriodSeconds: 1", Workload.SERVES)
                .manifest(1);
        await("what can't drain is refused again")
                .atMost(Duration.ofSeconds(90))
                .until(() -> shop.with(bad, "create", "--dry-run=server").err().contains("gsp/web"));
        shop.ok("wait", "--for=condition=Enforced", "gsp/web", "--timeout=180s");
        new Workload(shop, "later", 1, Workload.EXITS, "", Workload.SERVES).roll(1);
        await("the status follows what changes afterwards")
                .atMost(Duration.ofSeconds(60))
                .until(() -> shop.get("gsp", "web").at("/status/matched").asInt()
                        == shop.get("deployments").path("items").size());
    }

    @Test
    @Order(4)
    @DisplayName("with all our pods dead, an injected Deployment is scaled, healed and rolled out as ever")
    void allDead() {
        assertThat(shop.get("deployment", "checkout")
                        .at("/spec/template/metadata/annotations")
                        .toString())
                .contains("gracekeeper.io/injected");
        installation.scale(Installation.OPERATOR, 0);
        installation.scale(Installation.WEBHOOK, 0);
        shop.ok("scale", "deployment/checkout", "--replicas=2");
        shop.ok("rollout", "status", "deployment/checkout", "--timeout=180s");
        String pod = shop.get("pods", "-l", "app=checkout")
                .at("/items/0/metadata/name")
                .asText();
        shop.ok("delete", "pod", pod);
        shop.ok("rollout", "status", "deployment/checkout", "--timeout=180s");
        shop.ok("rollout", "restart", "deployment/checkout");
        shop.ok("rollout", "status", "deployment/checkout", "--timeout=180s");
    }

    @Test
    @Order(5)
    @DisplayName("with all our pods dead, `helm uninstall` leaves no webhook behind, and namespaces can be deleted")
    void uninstalls() {
        installation.helm("uninstall", "--timeout", "60s");
        assertThat(shop.get("mutatingwebhookconfigurations,validatingwebhookconfigurations")
                        .path("items"))
                .isEmpty();
        assertThat(shop.ok("get", "crd")).contains("gracefulshutdownpolicies").contains("rolloutaudits");
        new Workload(shop, "after", 1, Workload.EXITS, "terminationGracePeriodSeconds: 1", Workload.SERVES).roll(1);
        shop.ok("delete", "namespace", shop.namespace(), "--timeout=180s");
    }
}
