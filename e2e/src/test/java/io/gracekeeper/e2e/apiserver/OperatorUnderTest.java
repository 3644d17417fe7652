package io.gracekeeper.e2e.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.e2e.machine.GracekeeperProcess;
import io.gracekeeper.e2e.machine.Kubectl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two replicas of our operator as processes beside the API server, and the chart's webhook configurations for them to put their CA
 * into. Those lead to a Service that doesn't exist here, so no namespace is theirs.
 */
final class OperatorUnderTest implements AutoCloseable {
    /** Name of both webhook configurations. */
    static final String CONFIGURATION = "gracekeeper-of-the-operator";

    private final Kubectl home;
    private final Map<String, GracekeeperProcess> replicas = new HashMap<>();

    private OperatorUnderTest(Kubectl home) {
        this.home = home;
    }

    /**
     * Starts both.
     *
     * @param canaryNamespace where they prove enforcement
     */
    static OperatorUnderTest start(ApiServer server, String canaryNamespace) {
        return start(server, canaryNamespace, server.cluster().kubeconfig());
    }

    /** With a way of their own to the API server. */
    static OperatorUnderTest start(ApiServer server, String canaryNamespace, Path kubeconfig) {
        Kubectl home = server.cluster().newNamespace("gracekeeper-operator");
        home.apply(RenderedChart.yaml(configurations(server.chart())));
        var started = new OperatorUnderTest(home);
        for (String replica : List.of("operator-a", "operator-b")) {
            started.replicas.put(
                    replica,
                    GracekeeperProcess.start(
                            "operator",
                            replica,
                            kubeconfig,
                            Map.of(
                                    "NAMESPACE", home.namespace(),
                                    "WEBHOOK_CONFIGURATION", CONFIGURATION,
                                    "CANARY_NAMESPACE", canaryNamespace)));
        }
        try {
            started.replicas.forEach(
                    (name, replica) -> await(name + " is ready").until(replica::isReady));
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    /** kubectl for the namespace of the operator. */
    Kubectl home() {
        return home;
    }

    /** The name of the replica that holds the Lease; empty where nobody does. */
    String leader() {
        return home.get("lease", "gracekeeper-operator")
                .at("/spec/holderIdentity")
                .asText();
    }

    /** The replica of that name. */
    GracekeeperProcess replica(String name) {
        return replicas.get(name);
    }

    /** The other one. */
    String otherThan(String name) {
        return replicas.keySet().stream()
                .filter(other -> !other.equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        replicas.values().forEach(GracekeeperProcess::close);
        home.ok("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", CONFIGURATION);
    }

    private static List<ObjectNode> configurations(RenderedChart chart) {
        List<ObjectNode> all = new ArrayList<>(chart.ofKind("MutatingWebhookConfiguration"));
        all.addAll(chart.ofKind("ValidatingWebhookConfiguration"));
        for (ObjectNode configuration : all) {
            configuration.withObject("/metadata").put("name", CONFIGURATION);
            RenderedChart.aboutNothing(configuration);
        }
        return all;
    }
}
