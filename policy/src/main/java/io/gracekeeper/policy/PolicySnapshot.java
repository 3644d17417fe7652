package io.gracekeeper.policy;

import io.gracekeeper.crds.GracefulShutdownPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All policies of a moment, compiled. Immutable: whoever holds one judges by the same policies to the end. */
public final class PolicySnapshot implements PolicyLister {
    private static final PolicySnapshot EMPTY = new PolicySnapshot(Map.of(), Map.of());

    private final Map<String, List<CompiledPolicy>> byNamespace;
    private final Map<PolicyReference, List<FieldError>> rejected;

    private PolicySnapshot(
            Map<String, List<CompiledPolicy>> byNamespace, Map<PolicyReference, List<FieldError>> rejected) {
        this.byNamespace = byNamespace;
        this.rejected = rejected;
    }

    /** Without a policy. */
    public static PolicySnapshot empty() {
        return EMPTY;
    }

    /** Compiles policies. One that is not valid is left out, and stops none of the others. */
    public static PolicySnapshot of(Collection<GracefulShutdownPolicy> policies, Limits limits) {
        Map<String, List<CompiledPolicy>> compiled = new HashMap<>();
        Map<PolicyReference, List<FieldError>> rejected = new HashMap<>();
        for (GracefulShutdownPolicy policy : policies) {
            var reference = new PolicyReference(
                    Objects.requireNonNullElse(policy.getMetadata().getNamespace(), ""),
                    policy.getMetadata().getName());
            List<FieldError> errors = PolicyValidator.validate(policy.getSpec(), limits);
            if (errors.isEmpty()) {
                compiled.computeIfAbsent(reference.namespace(), namespace -> new ArrayList<>())
                        .add(CompiledPolicy.of(reference, policy.getSpec()));
            } else {
                rejected.put(reference, errors);
            }
        }
        compiled.replaceAll((namespace, list) -> list.stream()
                .sorted(Comparator.comparing(CompiledPolicy::reference))
                .toList());
        return new PolicySnapshot(Map.copyOf(compiled), Map.copyOf(rejected));
    }

    @Override
    public List<CompiledPolicy> policiesIn(String namespace) {
        return byNamespace.getOrDefault(namespace, List.of());
    }

    /** Why a policy is left out; empty where it is in use, or unknown. */
    public List<FieldError> errors(String namespace, String name) {
        return rejected.getOrDefault(new PolicyReference(namespace, name), List.of());
    }
}
