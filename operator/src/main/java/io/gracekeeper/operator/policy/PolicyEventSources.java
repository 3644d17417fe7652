package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.operator.enforcement.EnforcementState;
import io.gracekeeper.operator.workload.WorkloadJudgements;
import io.gracekeeper.runtime.PolicyStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What calls for a policy's reconciliation besides the policy itself: Deployments and audits of its namespace, its sibling
 * policies, and enforcement. Many events at once become one call, by the framework's queue and rate limit.
 */
final class PolicyEventSources {
    /** The client has an index of its own by the plain name. */
    private static final String BY_NAMESPACE = "gracekeeper-namespace";

    private static final String TOUCHED = "gracekeeper-touched";
    private static final long PAGE = 500;

    private final PolicyStore policies;
    private final WorkloadJudgements judgements;
    private final SimpleInboundEventSource<GracefulShutdownPolicy> others =
            new SimpleInboundEventSource<>("siblings-and-enforcement");
    private Map<String, Map<String, GracefulShutdownPolicySpec>> specs = Map.of();
    private @Nullable InformerEventSource<Deployment, GracefulShutdownPolicy> deployments;
    private @Nullable InformerEventSource<RolloutAudit, GracefulShutdownPolicy> audits;

    PolicyEventSources(PolicyStore policies, WorkloadJudgements judgements, EnforcementState enforcement) {
        this.policies = policies;
        this.judgements = judgements;
        policies.onChange(this::policiesChanged);
        enforcement.onChange(() -> policies.policies().forEach(this::call));
    }

    List<EventSource<?, GracefulShutdownPolicy>> prepare(EventSourceContext<GracefulShutdownPolicy> context) {
        IndexerResourceCache<GracefulShutdownPolicy> primaries = context.getPrimaryCache();
        primaries.addIndexer(BY_NAMESPACE, PolicyEventSources::namespace);
        var workloads = informer(Deployment.class, "deployments", primaries, context);
        workloads.addIndexers(Map.of(TOUCHED, deployment -> isTouched(deployment) ? List.of(TOUCHED) : List.of()));
        var verdicts = informer(RolloutAudit.class, "audits", primaries, context);
        deployments = workloads;
        audits = verdicts;
        return List.of(workloads, verdicts, others);
    }

    private static <T extends HasMetadata> InformerEventSource<T, GracefulShutdownPolicy> informer(
            Class<T> type,
            String name,
            IndexerResourceCache<GracefulShutdownPolicy> primaries,
            EventSourceContext<GracefulShutdownPolicy> context) {
        var configuration = InformerEventSourceConfiguration.from(type, GracefulShutdownPolicy.class)
                .withName(name)
                .withNamespacesInheritedFromController()
                .withInformerListLimit(PAGE)
                .withSecondaryToPrimaryMapper((T object) ->
                        primaries.byIndex(BY_NAMESPACE, object.getMetadata().getNamespace()).stream()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                .withPrimaryToSecondaryMapper((GracefulShutdownPolicy policy) -> Set.of())
                .build();
        var source = new InformerEventSource<>(configuration, context);
        source.addIndexers(Map.of(BY_NAMESPACE, PolicyEventSources::namespace));
        return source;
    }

    /** All Deployments of a namespace. */
    List<Deployment> deployments(String namespace) {
        return Objects.requireNonNull(deployments, "prepared before the first reconciliation")
                .byIndex(BY_NAMESPACE, namespace);
    }

    /** All Deployments of the cluster that carry a touch. */
    List<Deployment> touchedDeployments() {
        return Objects.requireNonNull(deployments, "prepared before the first reconciliation")
                .byIndex(TOUCHED, TOUCHED);
    }

    /** All audits of a namespace. */
    List<RolloutAudit> audits(String namespace) {
        return Objects.requireNonNull(audits, "prepared before the first reconciliation")
                .byIndex(BY_NAMESPACE, namespace);
    }

    /** Calls every policy of the namespaces in which a spec has come, gone or changed; a status is no reason. */
    private synchronized void policiesChanged() {
        Map<String, Map<String, GracefulShutdownPolicySpec>> now = new HashMap<>();
        for (GracefulShutdownPolicy policy : policies.policies()) {
            if (policy.getSpec() != null) {
                now.computeIfAbsent(policy.getMetadata().getNamespace(), namespace -> new TreeMap<>())
                        .put(policy.getMetadata().getName(), policy.getSpec());
            }
        }
        Map<String, Map<String, GracefulShutdownPolicySpec>> before = specs;
        specs = now;
        judgements.retain(now.keySet());
        for (GracefulShutdownPolicy policy : policies.policies()) {
            String namespace = policy.getMetadata().getNamespace();
            if (!Objects.equals(before.get(namespace), now.get(namespace))) {
                call(policy);
            }
        }
    }

    private void call(GracefulShutdownPolicy policy) {
        if (deployments != null) {
            others.propagateEvent(ResourceID.fromResource(policy));
        }
    }

    private static List<String> namespace(HasMetadata object) {
        return List.of(object.getMetadata().getNamespace());
    }

    private static boolean isTouched(Deployment deployment) {
        Map<String, String> annotations = deployment.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(Annotations.INJECT);
    }
}
