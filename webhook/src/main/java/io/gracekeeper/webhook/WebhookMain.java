package io.gracekeeper.webhook;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.policy.BlastRadius;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.KubernetesClients;
import io.gracekeeper.runtime.ManagementServer;
import io.gracekeeper.runtime.PolicyStore;
import io.gracekeeper.runtime.ProcessKind;
import io.gracekeeper.runtime.ProcessRun;
import io.gracekeeper.runtime.ReadinessGates;
import io.gracekeeper.runtime.ShutdownSequence;
import io.gracekeeper.runtime.Watchdog;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook process, from its configuration to its end. */
public final class WebhookMain {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookMain.class);

    private static final Duration WATCHDOG_INTERVAL = Duration.ofSeconds(5);
    private static final Duration WATCHDOG_SILENCE = Duration.ofSeconds(30);

    /** For a step of the stop that has nothing to wait for. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private WebhookMain() {}

    /**
     * Runs the process until SIGTERM or SIGINT, after which the JVM exits with 0. Returns only where it could not start.
     *
     * @param env the environment
     * @return the exit code: 1 if it could not start, 2 if its configuration is refused
     */
    public static int run(Map<String, String> env) {
        return ProcessRun.run(ProcessKind.WEBHOOK, env, (configuration, shutdown) -> {
            start(configuration, KubernetesClients.create(ProcessKind.WEBHOOK), shutdown);
            shutdown.installHook();
        });
    }

    /**
     * Starts everything, and returns how to stop it.
     *
     * @param client is closed at the end
     * @throws IOException if a port is taken
     */
    static ShutdownSequence start(Configuration configuration, KubernetesClient client) throws IOException {
        var shutdown = new ShutdownSequence();
        start(configuration, client, shutdown);
        return shutdown;
    }

    private static void start(Configuration configuration, KubernetesClient client, ShutdownSequence shutdown)
            throws IOException {
        var connected = KubernetesClients.connect(client);
        var keys = new ReloadingKeyManager();
        var certificate = new ServingCertificate(
                client, configuration.namespace(), configuration.tlsSecret(), keys, Clock.systemUTC());
        var policies = new PolicyStore(client, configuration.limits());
        var owned = new OwnedObjects(client, configuration.limits().kinds());
        var templates = new WorkloadTemplates(client, configuration.workloadKinds());
        var _ = connected.thenRun(() -> {
            certificate.start();
            policies.start();
            owned.start();
        });

        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var warmUp = new CompletableFuture<@Nullable Void>();
        ReadinessGates readiness =
                readiness(policies::hasSynced, owned::hasSynced, certificate::isUsable, warmUp, shutdown);
        var management = new ManagementServer(configuration.managementPort(), liveness(), readiness, registry).start();
        var metrics = new WebhookMetrics(registry);
        var handler = handler(configuration.limits(), policies, owned, templates, metrics);
        var server = new AdmissionServer(configuration.httpsPort(), keys, handler, shutdown::isStarted).start();
        metrics.inFlight(server::inFlight);
        metrics.certificateEnd(certificate::endEpochSeconds);
        warmUp.completeAsync(WebhookMain::warmUp);
        // Nothing is decided by these: they come after what is.
        policies.onChange(() -> {
            var _ = warmUp.thenRun(templates::start);
        });

        shutdown.step("drain", configuration.drain().plus(SHORT), () -> Thread.sleep(configuration.drain()))
                .step("stop listening", SHORT, server::stopListening)
                .step("finish in flight", configuration.shutdown(), server::finishInFlight)
                .step("stop server", SHORT, server::stop)
                .step("stop watching", SHORT, () -> {
                    policies.close();
                    owned.close();
                    templates.close();
                    certificate.close();
                    client.close();
                })
                .step("stop management", SHORT, management::close);
        LOG.atInfo()
                .addKeyValue("https", server.port())
                .addKeyValue("management", management.port())
                .log("Webhook started");
    }

    private static @Nullable Void warmUp() {
        try {
            WarmUp.run();
        } catch (RuntimeException e) {
            LOG.warn("Warm-up failed; the first reviews will be slow", e);
        }
        return null;
    }

    private static AdmissionReviewHandler handler(
            EngineSettings settings,
            PolicyStore policies,
            OwnedObjects owned,
            WorkloadTemplates templates,
            WebhookMetrics metrics) {
        InstantSource clock = InstantSource.system();
        var forecast = new PolicyForecast(
                settings, policies::inputs, () -> candidates(templates), clock, PolicyForecast.AT_MOST);
        return new AdmissionReviewHandler(
                new WorkloadReviews(new PolicyEngine(policies, settings.kinds(), clock), owned, owned),
                new PolicyReviews(settings, forecast, clock),
                metrics);
    }

    private static List<BlastRadius.Candidate> candidates(WorkloadTemplates templates) {
        List<BlastRadius.Candidate> candidates = new ArrayList<>();
        templates.forEach((namespace, object) -> candidates.add(new BlastRadius.Candidate(namespace, object)));
        return candidates;
    }

    /** What must hold for it to be of use. */
    static ReadinessGates readiness(
            BooleanSupplier policies,
            BooleanSupplier owners,
            BooleanSupplier certificate,
            Future<?> warmUp,
            ShutdownSequence shutdown) {
        var gates = new ReadinessGates();
        gates.require("policies", policies);
        gates.require("owners", owners);
        gates.require("certificate", certificate);
        gates.require("warm-up", warmUp::isDone);
        gates.require("shutdown", () -> !shutdown.isStarted());
        return gates;
    }

    /** What must hold for it to be worth keeping: reviews run on virtual threads, and they must get a turn. */
    private static ReadinessGates liveness() {
        var watchdog = new Watchdog(WATCHDOG_SILENCE);
        watchdog.beatOnVirtualThread(WATCHDOG_INTERVAL);
        var gates = new ReadinessGates();
        gates.require("virtual threads", watchdog::isAlive);
        return gates;
    }
}
