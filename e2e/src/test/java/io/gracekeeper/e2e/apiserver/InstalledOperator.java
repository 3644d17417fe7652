package io.gracekeeper.e2e.apiserver;

import static org.awaitility.Awaitility.await;

import io.gracekeeper.e2e.machine.GracekeeperProcess;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.e2e.machine.RunningCluster;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One replica of our operator with what the chart gives it and nothing else: the configuration of its Deployment, and the rights of
 * its ServiceAccount. The webhook configurations that it keeps are about no namespace here.
 */
final class InstalledOperator implements AutoCloseable {
    private static final String NAME = "gracekeeper-operator";
    private static final String[] RIGHTS = {"ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"
    };
    private static final String[] WEBHOOKS = {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};

    private final RunningCluster cluster;
    private final RenderedChart chart;
    private final Kubectl home;
    private final Path kubeconfig;
    private GracekeeperProcess process;

    private InstalledOperator(RunningCluster cluster, RenderedChart chart) {
        this.cluster = cluster;
        this.chart = chart;
        this.home = cluster.kubectl(RenderedChart.NAMESPACE);
        home.apply("{apiVersion: v1, kind: Namespace, metadata: {name: " + RenderedChart.NAMESPACE + "}}");
        home.apply(chart.yaml("Namespace"));
        withRights("apply");
        var webhooks = chart.ofKinds(WEBHOOKS);
        webhooks.forEach(RenderedChart::aboutNothing);
        home.apply(RenderedChart.yaml(webhooks));
        this.kubeconfig = cluster.kubeconfigOf(home.namespace(), NAME);
        this.process = launch();
    }

    /** Installs and starts it; returns when it is ready. */
    static InstalledOperator start(RunningCluster cluster, RenderedChart chart) {
        var operator = new InstalledOperator(cluster, chart);
        operator.awaitReady();
        return operator;
    }

    /** Ends the process as an upgrade does, and starts the next one; returns when that leads. */
    void restart() {
        process.close();
        String before = holder();
        process = launch();
        awaitReady();
        await("the next one leads").until(() -> !holder().equals(before));
    }

    /** Ends the process, and takes away what the chart gave it. */
    @Override
    public void close() {
        process.close();
        withRights("delete", "--ignore-not-found");
        home.with(chart.yaml(WEBHOOKS), "delete", "--ignore-not-found").orFail();
    }

    /** In the namespace of the release, and in the canary's: kubectl takes one at a time. */
    private void withRights(String... command) {
        chart.ofKinds(RIGHTS).stream()
                .collect(Collectors.groupingBy(
                        right -> right.at("/metadata/namespace").asText(home.namespace())))
                .forEach((namespace, rights) -> cluster.kubectl(namespace)
                        .with(RenderedChart.yaml(rights), command)
                        .orFail());
    }

    private void awaitReady() {
        try {
            await("operator is ready").until(process::isReady);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    private String holder() {
        return home.get("lease", NAME).at("/spec/holderIdentity").asText();
    }

    private GracekeeperProcess launch() {
        Map<String, String> configuration = new HashMap<>(chart.configuration(NAME));
        configuration.put("NAMESPACE", home.namespace());
        configuration.put("POD_NAME", "installed-operator-" + System.nanoTime());
        configuration.put("LOG_FORMAT", "text");
        return GracekeeperProcess.start("operator", "installed-operator", kubeconfig, configuration);
    }
}
