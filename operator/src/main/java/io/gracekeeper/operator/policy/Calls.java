package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.operator.workload.NamespaceChange;
import io.gracekeeper.policy.CompiledException;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.function.Supplier;

/**
 * What calls for a reconciliation besides the object itself: what the scan finds, rollouts of workloads that are paced, and
 * enforcement. Many calls at once become one, by the framework's queue and rate limit.
 */
public final class Calls {
    private final Supplier<PolicySnapshot> policies;
    private final SimpleInboundEventSource<GracefulShutdownPolicy> ofPolicies =
            new SimpleInboundEventSource<>("policy-calls");
    private final SimpleInboundEventSource<ClusterGracefulShutdownPolicy> ofClusterPolicies =
            new SimpleInboundEventSource<>("cluster-policy-calls");
    private final SimpleInboundEventSource<ShutdownException> ofExceptions =
            new SimpleInboundEventSource<>("exception-calls");

    /** Calls for nobody yet. */
    public Calls(Supplier<PolicySnapshot> policies) {
        this.policies = policies;
    }

    SimpleInboundEventSource<GracefulShutdownPolicy> ofPolicies() {
        return ofPolicies;
    }

    SimpleInboundEventSource<ClusterGracefulShutdownPolicy> ofClusterPolicies() {
        return ofClusterPolicies;
    }

    SimpleInboundEventSource<ShutdownException> ofExceptions() {
        return ofExceptions;
    }

    /** Something else is found in a namespace, or other policies hold there. */
    public void changed(NamespaceChange change) {
        change.policies().forEach(this::call);
        for (CompiledException exception :
                policies.get().policiesIn(change.namespace()).exceptions()) {
            send(ofExceptions, new ResourceID(exception.name(), exception.namespace()));
        }
    }

    /** A Deployment, or an audit of one, has changed: who paces it may have the next turn to take. */
    public void rolled(HasMetadata object) {
        for (CompiledPolicy policy :
                policies.get().policiesIn(object.getMetadata().getNamespace()).policies()) {
            if (PolicyObject.paces(policy.spec())) {
                call(policy.reference());
            }
        }
    }

    /** Something has changed that every policy's status tells. */
    public void all() {
        policies.get().policies().forEach(policy -> call(policy.reference()));
    }

    private void call(PolicyReference policy) {
        switch (policy.scope()) {
            case NAMESPACE -> send(ofPolicies, new ResourceID(policy.name(), policy.namespace()));
            case CLUSTER -> send(ofClusterPolicies, new ResourceID(policy.name()));
        }
    }

    /** Before the framework has started there is nobody to be called, and everything is reconciled at its start anyway. */
    private static void send(SimpleInboundEventSource<?> source, ResourceID id) {
        if (source.isRunning()) {
            source.propagateEvent(id);
        }
    }
}
