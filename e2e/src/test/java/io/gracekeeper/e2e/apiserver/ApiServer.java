package io.gracekeeper.e2e.apiserver;

import io.gracekeeper.e2e.machine.RunningCluster;

/**
 * A real API server with the CRDs of the chart.
 *
 * @param cluster what runs
 * @param chart what the chart renders with its default values
 */
record ApiServer(RunningCluster cluster, RenderedChart chart) implements AutoCloseable {
    static ApiServer start() {
        RunningCluster cluster = RunningCluster.apiServer();
        try {
            RenderedChart chart = RenderedChart.render(cluster.version());
            var kubectl = cluster.kubectl("default");
            kubectl.apply(chart.yaml("CustomResourceDefinition"));
            kubectl.ok("wait", "--for=condition=Established", "crd", "-l", "app.kubernetes.io/part-of=gracekeeper");
            return new ApiServer(cluster, chart);
        } catch (RuntimeException | Error e) {
            cluster.keepLogs();
            cluster.close();
            throw e;
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
