package io.gracekeeper.webhook;

import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.RuleActions;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.BlastRadius;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells whoever writes a policy what it would refuse of what is there: from memory, and never for long. */
final class PolicyForecast {
    /** The API server waits three seconds, and somebody waits behind it. */
    static final Duration AT_MOST = Duration.ofMillis(500);

    /** Knows no workload, and says nothing. */
    static final PolicyForecast SILENT = new PolicyForecast(
            EngineSettings.DEFAULT, () -> PolicyInputs.of(List.of()), List::of, InstantSource.system(), AT_MOST);

    private final EngineSettings settings;
    private final Supplier<PolicyInputs> inputs;
    private final Supplier<List<BlastRadius.Candidate>> workloads;
    private final InstantSource clock;
    private final Duration atMost;

    PolicyForecast(
            EngineSettings settings,
            Supplier<PolicyInputs> inputs,
            Supplier<List<BlastRadius.Candidate>> workloads,
            InstantSource clock,
            Duration atMost) {
        this.settings = settings;
        this.inputs = inputs;
        this.workloads = workloads;
        this.clock = clock;
        this.atMost = atMost;
    }

    /** What to say about a valid policy of a namespace. */
    List<String> of(GracefulShutdownPolicy policy) {
        if (!denies(policy.getSpec())) {
            return List.of();
        }
        String namespace = policy.getMetadata().getNamespace();
        String name = policy.getMetadata().getName();
        PolicyInputs now = inputs.get();
        List<GracefulShutdownPolicy> others = others(
                now.policies(),
                other -> other.getMetadata().getNamespace().equals(namespace)
                        && other.getMetadata().getName().equals(name));
        return warnings(
                new PolicyReference(namespace, name),
                new PolicyInputs(and(others, policy), now.clusterPolicies(), now.exceptions(), now.namespaces()),
                new PolicyInputs(others, now.clusterPolicies(), now.exceptions(), now.namespaces()));
    }

    /** What to say about a valid policy of the cluster. */
    List<String> of(ClusterGracefulShutdownPolicy policy) {
        if (!denies(policy.getSpec().policy())) {
            return List.of();
        }
        String name = policy.getMetadata().getName();
        PolicyInputs now = inputs.get();
        List<ClusterGracefulShutdownPolicy> others = others(
                now.clusterPolicies(), other -> other.getMetadata().getName().equals(name));
        return warnings(
                PolicyReference.cluster(name),
                new PolicyInputs(now.policies(), and(others, policy), now.exceptions(), now.namespaces()),
                new PolicyInputs(now.policies(), others, now.exceptions(), now.namespaces()));
    }

    private List<String> warnings(PolicyReference policy, PolicyInputs with, PolicyInputs without) {
        long start = System.nanoTime();
        return BlastRadius.of(
                        policy,
                        PolicySnapshot.of(with, settings),
                        PolicySnapshot.of(without, settings),
                        settings.kinds(),
                        clock,
                        workloads.get(),
                        () -> System.nanoTime() - start < atMost.toNanos())
                .warnings(policy);
    }

    private static boolean denies(GracefulShutdownPolicySpec spec) {
        Validation validation = spec.validation();
        return validation != null
                && (has(validation.actions())
                        || (validation.rules() != null
                                && validation.rules().stream()
                                        .map(RuleActions::actions)
                                        .anyMatch(PolicyForecast::has)));
    }

    private static boolean has(@Nullable List<ValidationAction> actions) {
        return actions != null && actions.contains(ValidationAction.DENY);
    }

    private static <T> List<T> others(Collection<T> all, Predicate<T> isIt) {
        return all.stream().filter(isIt.negate()).toList();
    }

    private static <T> List<T> and(List<T> others, T one) {
        List<T> all = new ArrayList<>(others);
        all.add(one);
        return all;
    }
}
