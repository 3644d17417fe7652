package io.gracekeeper.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.gracekeeper.e2e.machine.Checkout;
import io.gracekeeper.e2e.machine.Kubectl;
import io.gracekeeper.e2e.machine.RunningCluster;

/**
 * Gracekeeper on a real cluster, by {@code helm install} with default values, in a namespace of the strictest Pod Security level.
 *
 * @param cluster where it runs
 * @param system kubectl for its namespace
 */
record Installation(RunningCluster cluster, Kubectl system) implements AutoCloseable {
    static final String WEBHOOK = "gracekeeper-webhook";
    static final String OPERATOR = "gracekeeper-operator";

    static Installation create() {
        RunningCluster cluster = RunningCluster.whole();
        try {
            cluster.load(Checkout.imageTar());
            Kubectl system = cluster.kubectl("gracekeeper-system");
            system.ok("create", "namespace", "gracekeeper-system");
            system.ok("label", "namespace", "gracekeeper-system", "pod-security.kubernetes.io/enforce=restricted");
            var installation = new Installation(cluster, system);
            installation.helm("install", Checkout.chart().toString(), "--wait", "--timeout", "3m");
            return installation;
        } catch (RuntimeException | Error e) {
            cluster.keepLogs();
            cluster.close();
            throw e;
        }
    }

    /** Helm on our release. */
    void helm(String verb, String... arguments) {
        String[] all = new String[arguments.length + 4];
        all[0] = verb;
        all[1] = "gracekeeper";
        all[2] = "--namespace";
        all[3] = "gracekeeper-system";
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        cluster.helm(all).run().orFail();
    }

    /** Sets how many replicas one of our Deployments has, and waits until it has them. */
    void scale(String deployment, int replicas) {
        system.ok("scale", "deployment", deployment, "--replicas=" + replicas);
        if (replicas == 0) {
            await("no pod of " + deployment)
                    .until(() -> system.get("pods", "-l", component(deployment))
                            .path("items")
                            .isEmpty());
        } else {
            system.ok("rollout", "status", "deployment/" + deployment, "--timeout=180s");
        }
    }

    /** Ends all pods of one of our Deployments as a node does that loses its power. */
    void kill(String deployment) {
        system.ok("delete", "pod", "-l", component(deployment), "--force", "--grace-period=0");
    }

    private static String component(String deployment) {
        return "app.kubernetes.io/component=" + deployment.substring("gracekeeper-".length());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
