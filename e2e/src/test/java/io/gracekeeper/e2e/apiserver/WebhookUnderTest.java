package io.gracekeeper.e2e.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.e2e.machine.Command;
import io.gracekeeper.e2e.machine.GracekeeperProcess;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.e2e.machine.RunningCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Our webhook as a process beside the API server, and the chart's own webhook configurations with nothing changed but the way to it: a URL instead of a
 * Service, and one more condition on the namespace, so that each test class has a webhook to itself.
 */
final class WebhookUnderTest implements AutoCloseable {
    /** A namespace's label that says which webhook is asked about it. */
    static final String SCOPE = "test-scope";

    /** Whether an answer that fails lets the object through, as the chart has it, or shows. */
    enum OnFailure {
        IGNORE,
        SHOW
    }

    private final RunningCluster cluster;
    private final String scope;
    private final Kubectl home;
    private final GracekeeperProcess webhook;

    private WebhookUnderTest(RunningCluster cluster, String scope, Kubectl home, GracekeeperProcess webhook) {
        this.cluster = cluster;
        this.scope = scope;
        this.home = home;
        this.webhook = webhook;
    }

    static WebhookUnderTest start(ApiServer server, String scope, OnFailure onFailure) {
        return start(server, server.chart(), scope, onFailure);
    }

    /** With what this chart says in the place of the default one: the webhook configurations, and the kinds that it registers. */
    static WebhookUnderTest start(ApiServer server, RenderedChart chart, String scope, OnFailure onFailure) {
        return start(server, chart, scope, onFailure, server.cluster().kubeconfig());
    }

    /** With a way of its own to the API server. */
    static WebhookUnderTest start(
            ApiServer server, RenderedChart chart, String scope, OnFailure onFailure, Path kubeconfig) {
        Kubectl home = server.cluster().newNamespace("gracekeeper-" + scope);
        String ca = serveWithOwnCertificate(home);
        RunningCluster cluster = server.cluster();
        GracekeeperProcess webhook = GracekeeperProcess.start(
                "webhook",
                "webhook-" + scope,
                kubeconfig,
                Map.of(
                        "NAMESPACE", home.namespace(),
                        "DRAIN_SECONDS", "0",
                        "WORKLOAD_KINDS",
                                chart.configuration("gracekeeper-webhook").get("WORKLOAD_KINDS")));
        var started = new WebhookUnderTest(cluster, scope, home, webhook);
        try {
            await("webhook is ready").until(webhook::isReady);
            home.apply(RenderedChart.yaml(
                    configurations(chart, scope, "https://127.0.0.1:" + webhook.httpsPort(), ca, onFailure)));
            return started;
        } catch (RuntimeException | Error e) {
            webhook.close();
            throw e;
        }
    }

    /** A new namespace that this webhook is asked about, with a policy in force. */
    Kubectl namespaceWith(String policy) {
        Kubectl kubectl = namespace();
        introduce(kubectl, policy);
        return kubectl;
    }

    /** Has this webhook asked about a namespace that is there already. */
    void watchOver(Kubectl namespace) {
        namespace.ok("label", "namespace", namespace.namespace(), SCOPE + "=" + scope);
    }

    /** A new namespace that this webhook is asked about, without a policy. */
    Kubectl namespace() {
        Kubectl kubectl = cluster.newNamespace(scope, SCOPE + "=" + scope);
        // The API server learns of a new configuration by a watch: ask until it does.
        await("the API server asks the webhook about policies")
                .until(() -> !kubectl.with(
                                Manifests.policy("{match: {selector: {matchLabels: {'not a label': x}}}}"),
                                "create",
                                "--dry-run=server")
                        .succeeded());
        return kubectl;
    }

    /** Creates or changes a policy that denies or warns, and waits until the webhook judges by it. */
    void introduce(Kubectl kubectl, String policy) {
        kubectl.apply(policy);
        String bad = Manifests.deployment(
                "probe", "{terminationGracePeriodSeconds: 1, containers: [{name: app, image: a}]}");
        await("the webhook judges by the new policy")
                .until(
                        () -> kubectl.with(bad, "create", "--dry-run=server")
                                .err()
                                .matches(
                                        "(?s).*(terminationGracePeriodSeconds: 1s is|probe: .* terminationGracePeriodSeconds: ).*"));
    }

    /** How many reviews were answered on a path ({@code mutate_workloads}, ...) with this outcome. */
    long reviews(String path, String outcome) {
        return (long)
                webhook.metric("gracekeeper_reviews_total", "path=\"" + path + "\"", "outcome=\"" + outcome + "\"");
    }

    /** How many reviews were answered on a path so far. */
    long reviews(String path) {
        return (long) webhook.metric("gracekeeper_reviews_total", "path=\"" + path + "\"");
    }

    /** How many requests passed so far that would have been refused, by what let them through. */
    long passages(String passage) {
        return (long) webhook.metric("gracekeeper_passages_total", "passage=\"" + passage + "\"");
    }

    /** Ends the process, and leaves its configurations, as a crash would. */
    void die() {
        webhook.close();
    }

    @Override
    public void close() {
        home.ok("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", configurationName());
        webhook.close();
    }

    private String configurationName() {
        return configurationName(scope);
    }

    private static String configurationName(String scope) {
        return "gracekeeper-" + scope;
    }

    /** The chart's own, with another way to whom they ask, for namespaces that carry this label alone. */
    static List<ObjectNode> configurations(
            RenderedChart chart, String scope, String url, String ca, OnFailure onFailure) {
        List<ObjectNode> all = chart.ofKinds("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration");
        for (ObjectNode configuration : all) {
            configuration.withObject("/metadata").put("name", configurationName(scope));
            configuration.path("webhooks").forEach(hook -> adapt((ObjectNode) hook, scope, url, ca, onFailure));
        }
        return all;
    }

    private static void adapt(ObjectNode hook, String scope, String url, String ca, OnFailure onFailure) {
        String path = hook.at("/clientConfig/service/path").asText();
        hook.withObject("/clientConfig").removeAll().put("url", url + path).put("caBundle", ca);
        ObjectNode inScope = hook.withObject("/namespaceSelector")
                .withArray("matchExpressions")
                .addObject()
                .put("key", SCOPE)
                .put("operator", "In");
        inScope.putArray("values").add(scope);
        if (onFailure == OnFailure.SHOW) {
            hook.put("failurePolicy", "Fail");
        }
    }

    /** Puts a certificate for 127.0.0.1 where the operator would put one; returns its CA as a caBundle. */
    private static String serveWithOwnCertificate(Kubectl home) {
        try {
            Path folder = Files.createTempDirectory("gracekeeper-certificate");
            Path key = folder.resolve("tls.key");
            Path certificate = folder.resolve("tls.crt");
            Command.of(List.of(
                            "openssl",
                            "req",
                            "-x509",
                            "-newkey",
                            "ec",
                            "-pkeyopt",
                            "ec_paramgen_curve:P-256",
                            "-nodes",
                            "-days",
                            "1",
                            "-subj",
                            "/CN=gracekeeper-test",
                            "-addext",
                            "subjectAltName=IP:127.0.0.1",
                            "-keyout",
                            key.toString(),
                            "-out",
                            certificate.toString()))
                    .run()
                    .orFail();
            home.ok(
                    "create",
                    "secret",
                    "generic",
                    "gracekeeper-webhook-tls",
                    "--type=kubernetes.io/tls",
                    "--from-file=" + key,
                    "--from-file=" + certificate,
                    "--from-file=ca.crt=" + certificate);
            String bundle = Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
            Files.delete(key);
            Files.delete(certificate);
            Files.delete(folder);
            return bundle;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
