package io.gracekeeper.e2e.apiserver;

import io.gracekeeper.e2e.machine.RunningCluster;
import org.jspecify.annotations.Nullable;

/** A real API server with the CRDs of the chart, and our webhook for whoever asks. */
final class ApiServer implements AutoCloseable {
    private final RunningCluster cluster;
    private final RenderedChart chart;
    private @Nullable WebhookUnderTest webhook;

    private ApiServer(RunningCluster cluster, RenderedChart chart) {
        this.cluster = cluster;
        this.chart = chart;
    }

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

    /** What runs. */
    RunningCluster cluster() {
        return cluster;
    }

    /** What the chart renders with its default values. */
    RenderedChart chart() {
        return chart;
    }

    /** The webhook that tests share. A failure of it fails the request that it was asked about, so that none goes unseen. */
    WebhookUnderTest webhook() {
        if (webhook == null) {
            webhook = WebhookUnderTest.start(this, "shared", WebhookUnderTest.OnFailure.SHOW);
        }
        return webhook;
    }

    @Override
    public void close() {
        if (webhook != null) {
            webhook.close();
        }
        cluster.close();
    }
}
