package io.gracekeeper.policy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known around a workload, for advice alone: a refusal never depends on it, or it would depend on the order of an apply.
 * What is null is not known, and advice that needs it says nothing; an empty list is known to be empty.
 *
 * @param services by namespace
 * @param disruptionBudgets by namespace
 * @param autoscalers by namespace
 * @param nodeLimits whatever ends a pod before its grace is over
 * @param gatesInUse the condition types of readiness gates that some pod has as a condition
 */
public record Surroundings(
        @Nullable Map<String, List<Service>> services,
        @Nullable Map<String, List<DisruptionBudget>> disruptionBudgets,
        @Nullable Map<String, List<Autoscaler>> autoscalers,
        List<NodeLimit> nodeLimits,
        @Nullable Set<String> gatesInUse) {
    /** Nothing is known. */
    public static final Surroundings NONE = new Surroundings(null, null, null, List.of(), null);

    /**
     * A Service with a selector.
     *
     * @param selector the labels of its pods; not empty
     */
    public record Service(String name, Map<String, String> selector, List<ServicePort> ports) {
        /** Copies the collections. */
        public Service {
            selector = Map.copyOf(selector);
            ports = List.copyOf(ports);
        }
    }

    /**
     * Where a Service sends to.
     *
     * @param target a port's number or its name
     * @param protocol for instance {@code TCP}
     */
    public record ServicePort(String target, String protocol) {}

    /**
     * A PodDisruptionBudget.
     *
     * @param selector whom it is for
     * @param minAvailable a number or a percentage; null where it has none
     * @param maxUnavailable a number or a percentage; null where it has none
     */
    public record DisruptionBudget(
            String name,
            PodSelector selector,
            @Nullable String minAvailable,
            @Nullable String maxUnavailable) {}

    /**
     * A HorizontalPodAutoscaler, or a ScaledObject of KEDA.
     *
     * @param kind its own
     * @param targetKind of what it scales
     * @param stabilizationSeconds how long it looks back before it takes pods away
     * @param field which field says so
     */
    public record Autoscaler(
            String kind, String name, String targetKind, String targetName, long stabilizationSeconds, String field) {}

    /**
     * Something that ends pods earlier than their grace period says.
     *
     * @param source who, for instance {@code NodePool "default"}
     * @param seconds after which it does
     * @param field the setting that says so
     */
    public record NodeLimit(String source, long seconds, String field) {}

    /** Whom a selector means, by pod labels. */
    @FunctionalInterface
    public interface PodSelector {
        /** Whether it selects a pod with these labels. */
        boolean selects(Map<String, String> podLabels);
    }

    /** Copies the lists. */
    public Surroundings {
        nodeLimits = List.copyOf(nodeLimits);
    }

    /** The Services of a namespace that select such a pod; null where Services are not known. */
    public @Nullable List<Service> servicesOf(String namespace, Map<String, String> podLabels) {
        return services == null
                ? null
                : services.getOrDefault(namespace, List.of()).stream()
                        .filter(service -> podLabels
                                .entrySet()
                                .containsAll(service.selector().entrySet()))
                        .toList();
    }

    /** The budgets of a namespace that select such a pod; null where budgets are not known. */
    public @Nullable List<DisruptionBudget> budgetsOf(String namespace, Map<String, String> podLabels) {
        return disruptionBudgets == null
                ? null
                : disruptionBudgets.getOrDefault(namespace, List.of()).stream()
                        .filter(budget -> budget.selector().selects(podLabels))
                        .toList();
    }

    /** The autoscalers of a workload; empty where there are none, or they are not known. */
    public List<Autoscaler> autoscalersOf(Workload workload) {
        return autoscalers == null
                ? List.of()
                : autoscalers.getOrDefault(workload.namespace(), List.of()).stream()
                        .filter(autoscaler ->
                                autoscaler.targetKind().equals(workload.kind().kind())
                                        && autoscaler.targetName().equals(workload.name()))
                        .toList();
    }
}
