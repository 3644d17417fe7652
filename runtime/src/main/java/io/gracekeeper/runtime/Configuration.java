package io.gracekeeper.runtime;

import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the environment says, read once at the start and never changed. How workloads are judged is not here: that belongs to the
 * policies.
 *
 * @param process which process this is
 * @param namespace the namespace that it runs in
 * @param podName its own name, for Leases and Events
 * @param webhookService name of the Service in front of the webhook, in {@code namespace}
 * @param tlsSecret name of the Secret with the serving certificate, in {@code namespace}
 * @param caSecret name of the Secret with the certificate authority, in {@code namespace}
 * @param webhookConfiguration name of both the mutating and the validating webhook configuration
 * @param lease name of the Lease by which operators elect their leader, in {@code namespace}
 * @param canaryNamespace where enforcement is proven by dry runs
 * @param limits what policies may ask for, and of which kinds
 * @param workloadKinds kinds of other groups that {@code limits} has besides Kubernetes' own
 * @param maxConcurrentRetrofits how many existing workloads of the whole cluster may be changed at the same time
 * @param policyReportsOwner the ClusterRole with which PolicyReports go; empty where none are written
 * @param httpsPort where reviews are answered; 0 takes any free port
 * @param managementPort where probes and metrics are answered; 0 takes any free port
 * @param drain how long it keeps serving after SIGTERM
 * @param shutdown how long what is in flight may take after that
 * @param logLevel the level of our own log lines
 * @param logFormat how a log line looks
 */
public record Configuration(
        ProcessKind process,
        String namespace,
        String podName,
        String webhookService,
        String tlsSecret,
        String caSecret,
        String webhookConfiguration,
        String lease,
        String canaryNamespace,
        EngineSettings limits,
        List<RegisteredKind> workloadKinds,
        int maxConcurrentRetrofits,
        String policyReportsOwner,
        int httpsPort,
        int managementPort,
        Duration drain,
        Duration shutdown,
        LogLevel logLevel,
        LogFormat logFormat) {

    /** Copies the list. */
    public Configuration {
        workloadKinds = List.copyOf(workloadKinds);
    }

    /** What comes before the name of every variable that we read. */
    public static final String PREFIX = "GRACEKEEPER_";

    /** How much is logged, in the words of the configuration. */
    public enum LogLevel {
        /** Only failures. */
        ERROR,
        /** Failures, and what somebody should look at. */
        WARN,
        /** One line per decision that is not a plain pass. */
        INFO,
        /** One line per decision. */
        DEBUG,
        /** Everything. */
        TRACE
    }

    /** How a log line looks, in the words of the configuration. */
    public enum LogFormat {
        /** For people. */
        TEXT,
        /** One JSON object per line, for machines. */
        JSON
    }

    /**
     * Reads the environment.
     *
     * @param env all variables; those without our prefix are ignored, but for {@code HOSTNAME}, which names the pod where
     *     nothing better does
     * @param process which process asks; it decides some defaults
     * @throws ConfigurationException for an unknown {@code GRACEKEEPER_*} variable or a bad value, with all of them at once
     */
    public static Configuration from(Map<String, String> env, ProcessKind process) {
        var variables = new EnvironmentReader(env, PREFIX);
        String namespace = variables.name("NAMESPACE", "gracekeeper-system");
        String canaryNamespace = variables.name("CANARY_NAMESPACE", namespace + "-canary");
        List<RegisteredKind> workloadKinds = variables.kinds("WORKLOAD_KINDS");
        var configuration = new Configuration(
                process,
                namespace,
                variables.name("POD_NAME", podName(env, process)),
                variables.name("WEBHOOK_SERVICE", "gracekeeper-webhook"),
                variables.name("TLS_SECRET", "gracekeeper-webhook-tls"),
                variables.name("CA_SECRET", "gracekeeper-ca"),
                variables.name("WEBHOOK_CONFIGURATION", "gracekeeper"),
                variables.name("LEASE", "gracekeeper-operator"),
                canaryNamespace,
                new EngineSettings(
                        variables.number(
                                "MAX_TERMINATION_GRACE_PERIOD_SECONDS",
                                EngineSettings.DEFAULT.maxTerminationGracePeriodSeconds(),
                                1,
                                86_400),
                        exempt(namespace, canaryNamespace),
                        WorkloadKinds.BUILT_IN.with(
                                workloadKinds.stream().map(RegisteredKind::kind).toList())),
                workloadKinds,
                variables.number("MAX_CONCURRENT_RETROFITS", 10, 1, 1000),
                variables.optionalName("POLICY_REPORTS_OWNER"),
                variables.number("HTTPS_PORT", 8443, 0, 65_535),
                variables.number("MANAGEMENT_PORT", 8081, 0, 65_535),
                variables.seconds("DRAIN_SECONDS", process.defaultDrain(), 0, 600),
                variables.seconds("SHUTDOWN_SECONDS", Duration.ofSeconds(10), 1, 600),
                variables.word("LOG_LEVEL", LogLevel.INFO, LogLevel.class),
                variables.word("LOG_FORMAT", LogFormat.JSON, LogFormat.class));
        variables.refuseWhatIsWrong();
        return configuration;
    }

    /** The canary's too: a policy of the cluster that contradicted the canary's would turn its refusal into a warning. */
    private static Set<String> exempt(String namespace, String canaryNamespace) {
        Set<String> exempt = new HashSet<>(EngineSettings.SYSTEM_NAMESPACES);
        exempt.add(namespace);
        exempt.add(canaryNamespace);
        return exempt;
    }

    private static String podName(Map<String, String> env, ProcessKind process) {
        String host = env.getOrDefault("HOSTNAME", "");
        return EnvironmentReader.isName(host) ? host : "gracekeeper-" + process.word();
    }
}
