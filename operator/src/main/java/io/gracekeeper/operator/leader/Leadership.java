package io.gracekeeper.operator.leader;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.gracekeeper.runtime.Configuration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who leads. What java-operator-sdk 5.3.2 does by itself would not do: without its exit it goes on reconciling after the loss of the
 * Lease, beside the new leader; with it, a stop in a shutdown hook calls {@code System.exit} and hangs until SIGKILL; and it never
 * gives the Lease back, so that a successor waits for it to run out. So the exit is off, a loss ends the process here and at once,
 * and the Lease is released as the last thing of a stop.
 */
public final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final int RELEASED_SECONDS = 1;

    private final KubernetesClient client;
    private final Configuration configuration;
    private final LeaseTiming timing;
    private final Runnable lost;
    private final List<Runnable> duties = new CopyOnWriteArrayList<>();
    private volatile boolean leads;
    private volatile boolean leaving;

    /**
     * A process that does not lead.
     *
     * @param lost ends the process at once, without any step of an orderly stop: somebody else may lead already
     */
    public Leadership(KubernetesClient client, Configuration configuration, LeaseTiming timing, Runnable lost) {
        this.client = client;
        this.configuration = configuration;
        this.timing = timing;
        this.lost = lost;
    }

    /** Whether this process leads now. */
    public boolean isLeader() {
        return leads;
    }

    /** Has something started when this process begins to lead; it must return at once. */
    public void whenLeading(Runnable duty) {
        duties.add(duty);
    }

    /** For java-operator-sdk. */
    public LeaderElectionConfiguration election() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(configuration.lease())
                .withLeaseNamespace(configuration.namespace())
                .withIdentity(configuration.podName())
                .withLeaseDuration(timing.duration())
                .withRenewDeadline(timing.renewDeadline())
                .withRetryPeriod(timing.retryPeriod())
                .withLeaderCallbacks(new LeaderCallbacks(this::begin, this::end, leader -> {}))
                .build();
    }

    private void begin() {
        if (leaving) {
            return; // The predecessor released the Lease while we are on our way out: it is given on in a moment.
        }
        leads = true;
        LOG.atInfo().addKeyValue("lease", configuration.lease()).log("Leading");
        for (Runnable duty : duties) {
            duty.run();
        }
    }

    private void end() {
        boolean led = leads;
        leads = false;
        if (!leaving) {
            LOG.atError()
                    .addKeyValue("lease", configuration.lease())
                    .addKeyValue("led", led)
                    .log("Lost the lease: this process ends now, since another may lead already");
            lost.run();
        }
    }

    /** Says that the end is near, so that losing the Lease is no fault any more. */
    public void leave() {
        leaving = true;
    }

    /** Gives the Lease back, if it is ours: the successor starts within one retry period. To be the last thing that is written. */
    public void release() {
        leads = false;
        Resource<Lease> resource =
                client.leases().inNamespace(configuration.namespace()).withName(configuration.lease());
        Lease lease = resource.get();
        if (lease == null || !configuration.podName().equals(lease.getSpec().getHolderIdentity())) {
            return;
        }
        // As client-go does it: nobody holds it, and it is valid for a second.
        lease.getSpec().setHolderIdentity("");
        lease.getSpec().setLeaseDurationSeconds(RELEASED_SECONDS);
        try {
            client.resource(lease).lockResourceVersion().update();
            LOG.info("Lease released");
        } catch (KubernetesClientException e) {
            LOG.atInfo().addKeyValue("status", e.getCode()).log("Lease not released, it runs out by itself");
        }
    }
}
