package io.gracekeeper.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.operator.certificate.CertificateKeeper;
import io.gracekeeper.operator.enforcement.Canary;
import io.gracekeeper.operator.enforcement.EnforcementState;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.operator.leader.Leadership;
import io.gracekeeper.operator.leader.LeaseTiming;
import io.gracekeeper.operator.leader.WriteBudget;
import io.gracekeeper.operator.policy.Calls;
import io.gracekeeper.operator.policy.ClusterGracefulShutdownPolicyReconciler;
import io.gracekeeper.operator.policy.FindingEvents;
import io.gracekeeper.operator.policy.GracefulShutdownPolicyReconciler;
import io.gracekeeper.operator.policy.PolicyReconciliation;
import io.gracekeeper.operator.policy.ShutdownExceptionReconciler;
import io.gracekeeper.operator.report.PolicyReports;
import io.gracekeeper.operator.retrofit.InformedDeployments;
import io.gracekeeper.operator.retrofit.Retrofitter;
import io.gracekeeper.operator.rollout.RolloutAuditing;
import io.gracekeeper.operator.unwedge.PodAdmission;
import io.gracekeeper.operator.unwedge.Unwedger;
import io.gracekeeper.operator.workload.WorkloadScan;
import io.gracekeeper.operator.workload.WorkloadSources;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.Json;
import io.gracekeeper.runtime.PolicyStore;
import io.gracekeeper.runtime.ReadinessGates;
import io.gracekeeper.runtime.ShutdownSequence;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator, put together: what watches (every replica), and what writes (the leader alone). A replica that does not lead is a
 * warm standby, with its informers in sync.
 */
public final class OperatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
    private static final int RECONCILERS = 8;

    /**
     * Less than what a Lease lives longer than its renewal is tried for (15 s less 10 s), and without a second try inside a request:
     * the elector looks at its clock between requests only, so one that hangs for longer would let two lead at once.
     */
    private static final int ELECTION_REQUEST_MILLIS = 4_000;

    private static final Duration API_SERVER_RETRY = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final Configuration configuration;
    private final Leadership leadership;
    private final PolicyStore policies;
    private final EventRecorder events;
    private final CertificateKeeper certificates;
    private final Canary canary;
    private final RolloutAuditing audits;
    private final WorkloadScan scan;
    private final Unwedger unwedger;
    private final @Nullable PolicyReports reports;
    private final ExecutorService reconcilers = Executors.newFixedThreadPool(
            RECONCILERS, Thread.ofVirtual().name("reconciler-", 0).factory());
    private final Operator operator;
    private volatile boolean started;
    private volatile boolean stopping;

    /**
     * A process that is not started.
     *
     * @param client stays the caller's
     * @param lost ends the process at once; called when another may lead already
     */
    public OperatorProcess(
            Configuration configuration,
            KubernetesClient client,
            MeterRegistry meters,
            Clock clock,
            LeaseTiming timing,
            Runnable lost) {
        this.client = client;
        this.configuration = configuration;
        this.leadership = new Leadership(client, configuration, timing, lost);
        EngineSettings settings = configuration.limits();
        this.policies = new PolicyStore(client, settings);
        this.events = new EventRecorder(client, configuration.podName(), clock, meters);
        this.certificates = new CertificateKeeper(client, configuration, clock, meters);
        var enforcement = new EnforcementState(clock);
        this.canary = new Canary(client, configuration.canaryNamespace(), enforcement, meters);
        var engine = new PolicyEngine(policies, settings.kinds(), clock);
        var budget = new WriteBudget(WriteBudget.PER_SECOND);
        this.audits = audits(engine, meters, clock, budget);
        this.scan = new WorkloadScan(
                policies::snapshot,
                policies::hasSynced,
                settings.kinds(),
                changed -> new WorkloadSources(
                        client,
                        settings.kinds(),
                        configuration.workloadKinds(),
                        audits.deployments(),
                        audits.replicaSets(),
                        changed),
                clock);
        this.unwedger = new Unwedger(client, new PodAdmission(engine, new Json(client)), events, budget, clock);
        this.reports = configuration.policyReportsOwner().isEmpty()
                ? null
                : new PolicyReports(client, configuration.policyReportsOwner(), scan, budget, clock);
        var calls = new Calls(policies::snapshot);
        listen(calls, enforcement);
        // Made here: java-operator-sdk 5.3.2 calls its consumer twice.
        Metrics metrics = MicrometerMetricsV2.newBuilder(meters).build();
        this.operator = operator(metrics);
        var reconciliation = new PolicyReconciliation(
                policies::snapshot,
                scan,
                new InformedDeployments(audits.deployments()),
                audits::auditsOf,
                new Retrofitter(client, settings.kinds(), events, clock, configuration.maxConcurrentRetrofits()),
                enforcement,
                budget,
                clock);
        operator.register(
                new GracefulShutdownPolicyReconciler(reconciliation, settings, calls), OperatorProcess::configure);
        operator.register(
                new ClusterGracefulShutdownPolicyReconciler(reconciliation, settings, calls),
                OperatorProcess::configure);
        operator.register(
                new ShutdownExceptionReconciler(
                        policies::snapshot, settings.kinds(), scan, events, budget, calls, clock),
                OperatorProcess::configure);
        OperatorMetrics.register(meters, policies, scan, leadership, clock);
    }

    private RolloutAuditing audits(PolicyEngine engine, MeterRegistry meters, Clock clock, WriteBudget budget) {
        WorkloadKind deployments = Objects.requireNonNull(engine.kinds().named("Deployment"));
        return new RolloutAuditing(
                client,
                (namespace, labels) ->
                        engine.effective(deployments, namespace, labels).audit(),
                events,
                meters,
                clock,
                // Without policies every rollout would look like one that nobody asked to audit.
                () -> leadership.isLeader() && policies.hasSynced(),
                budget);
    }

    /** Who is told of what. */
    private void listen(Calls calls, EnforcementState enforcement) {
        policies.onChange(scan::policiesChanged);
        enforcement.onChange(calls::all);
        audits.onDeploymentOrAudit(calls::rolled);
        audits.replicaSets().addEventHandler(unwedger);
        var news = new FindingEvents(events, leadership::isLeader);
        scan.onChange(calls::changed);
        scan.onChange(news::changed);
        if (reports != null) {
            scan.onChange(reports::changed);
            leadership.whenLeading(reports::start);
        }
        scan.onChange(change -> {
            if (change.policiesChanged() && leadership.isLeader()) {
                unwedger.policiesChanged(change.namespace());
            }
        });
    }

    private Operator operator(Metrics metrics) {
        KubernetesClient impatient = client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestTimeout(ELECTION_REQUEST_MILLIS)
                                .withRequestRetryBackoffLimit(0)
                                .build())
                .adapt(KubernetesClient.class);
        return new Operator(overrider -> overrider
                .withKubernetesClient(impatient)
                .withCloseClientOnStop(false)
                // The chart brings the CRDs; reading them would need one more right.
                .checkingCRDAndValidateLocalModel(false)
                // A cache that can't be filled yet is filled later; ending the process would fill it no sooner.
                .withStopOnInformerErrorDuringStartup(false)
                .withLeaderElectionConfiguration(leadership.election())
                // The default of 0 interrupts what is under way.
                .withReconciliationTerminationTimeout(part(4))
                .withExecutorService(reconcilers)
                .withMetrics(metrics));
    }

    private static <P extends HasMetadata> void configure(ControllerConfigurationOverrider<P> controller) {
        controller
                .watchingAllNamespaces()
                .withFieldManager("gracekeeper")
                // A resume is an annotation, and those don't raise the generation.
                .withGenerationAware(false)
                .withOnUpdateFilter(OperatorProcess::isOfInterest)
                .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), 3))
                .withRetry(new GenericRetry()
                        .setInitialInterval(Duration.ofSeconds(1))
                        .setMaxInterval(Duration.ofSeconds(30).toMillis())
                        .withoutMaxAttempts());
    }

    private static boolean isOfInterest(HasMetadata after, HasMetadata before) {
        return !Objects.equals(
                        after.getMetadata().getGeneration(),
                        before.getMetadata().getGeneration())
                || !Objects.equals(resume(after), resume(before));
    }

    private static @Nullable String resume(HasMetadata policy) {
        var annotations = policy.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.RESUME);
    }

    /** Adds what must hold for this replica to be of use, whether it leads or not. */
    public void require(ReadinessGates readiness) {
        readiness.require("policies", policies::hasSynced);
        readiness.require("informers", () -> started);
        readiness.require("audits", audits::hasSynced);
        readiness.require("stopping", () -> !stopping);
    }

    /** Waits for the API server, then starts; returns when the informers are in sync. */
    public void start() throws InterruptedException {
        // First, and alone: until there is a connection, each request would make one of its own.
        awaitApiServer();
        policies.start();
        audits.start();
        leadership.whenLeading(certificates::start);
        leadership.whenLeading(canary::start);
        leadership.whenLeading(unwedger::start);
        scan.start();
        operator.start();
        started = true;
        LOG.info("Started");
    }

    /** java-operator-sdk gives up where the API server does not answer at the start. */
    private void awaitApiServer() throws InterruptedException {
        boolean said = false;
        while (true) {
            try {
                client.getKubernetesVersion();
                return;
            } catch (KubernetesClientException e) {
                if (!said) {
                    LOG.atWarn().addKeyValue("failure", e.getMessage()).log("The API server does not answer yet");
                    said = true;
                }
                Thread.sleep(API_SERVER_RETRY);
            }
        }
    }

    /** Whether this process leads now. */
    public boolean isLeader() {
        return leadership.isLeader();
    }

    /**
     * Adds the steps of an orderly stop: the leader's duties first, then what is being reconciled is finished, then what was said is
     * sent, and the Lease is given back when nothing more will be written.
     */
    public void stopBy(ShutdownSequence shutdown) {
        shutdown.step("canary", part(1), () -> {
                    stopping = true;
                    leadership.leave();
                    canary.close();
                })
                .step("certificates", part(1), certificates::close)
                .step("reconcilers", part(4), operator::stop)
                .step("scan", part(1), () -> {
                    unwedger.close();
                    if (reports != null) {
                        reports.close();
                    }
                    scan.close();
                })
                .step("audits", part(1), audits::close)
                .step("events", part(1), events::close)
                .step("lease", part(1), leadership::release)
                .step("policies", Duration.ofSeconds(1), () -> {
                    policies.close();
                    reconcilers.shutdownNow();
                });
    }

    /** So many tenths of the time that a stop may take. */
    private Duration part(int tenths) {
        return configuration.shutdown().multipliedBy(tenths).dividedBy(10);
    }
}
