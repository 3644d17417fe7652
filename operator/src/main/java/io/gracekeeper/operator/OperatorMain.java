package io.gracekeeper.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gracekeeper.operator.leader.LeaseTiming;
import io.gracekeeper.runtime.Configuration;
import io.gracekeeper.runtime.KubernetesClients;
import io.gracekeeper.runtime.ManagementServer;
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
import java.util.Map;

/** Entry point of the operator. Reads from top to bottom. */
public final class OperatorMain {
    private static final Duration MAX_SILENCE = Duration.ofSeconds(30);

    private OperatorMain() {}

    /**
     * Runs the process until SIGTERM or SIGINT, after which the JVM exits with 0. Returns only where it could not start; exits
     * with 1 where it loses the Lease.
     *
     * @param env the environment
     * @return the exit code: 1 if it could not start, 2 if its configuration is refused
     */
    public static int run(Map<String, String> env) {
        return ProcessRun.run(ProcessKind.OPERATOR, env, OperatorMain::run);
    }

    private static void run(Configuration configuration, ShutdownSequence shutdown)
            throws IOException, InterruptedException {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        OperatorMetrics.named(registry);
        var liveness = new ReadinessGates();
        var readiness = new ReadinessGates();
        var watchdog = new Watchdog(MAX_SILENCE);
        liveness.require("virtual threads", watchdog::isAlive);
        KubernetesClient client = KubernetesClients.create(ProcessKind.OPERATOR);
        var process = new OperatorProcess(
                configuration, client, registry, Clock.systemUTC(), LeaseTiming.DEFAULT, OperatorMain::lost);
        process.require(readiness);
        var management = new ManagementServer(configuration.managementPort(), liveness, readiness, registry).start();
        Thread beats = watchdog.beatOnVirtualThread(Duration.ofSeconds(1));
        process.stopBy(shutdown);
        shutdown.step("client", Duration.ofSeconds(1), () -> {
            beats.interrupt();
            client.close();
            management.close();
        });
        shutdown.installHook();
        process.start();
    }

    /** Not an exit: its hooks would go on writing beside the new leader. */
    private static void lost() {
        Runtime.getRuntime().halt(1);
    }
}
