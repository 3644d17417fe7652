package io.gracekeeper.policy;

import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** All policies and exceptions of a moment, compiled. Immutable: whoever holds one judges by the same policies to the end. */
public final class PolicySnapshot implements PolicyLister {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";
    private static final PolicySnapshot EMPTY = new PolicySnapshot(Map.of(), List.of(), Map.of(), Map.of(), Set.of());

    private final Map<String, NamespacePolicies> byNamespace;
    private final List<CompiledPolicy> ofTheCluster;
    private final Map<PolicyReference, CompiledPolicy> accepted;
    private final Map<PolicyReference, List<FieldError>> rejected;
    private final Set<String> exemptNamespaces;

    private PolicySnapshot(
            Map<String, NamespacePolicies> byNamespace,
            List<CompiledPolicy> ofTheCluster,
            Map<PolicyReference, CompiledPolicy> accepted,
            Map<PolicyReference, List<FieldError>> rejected,
            Set<String> exemptNamespaces) {
        this.byNamespace = byNamespace;
        this.ofTheCluster = ofTheCluster;
        this.accepted = accepted;
        this.rejected = rejected;
        this.exemptNamespaces = exemptNamespaces;
    }

    /** Without a policy. */
    public static PolicySnapshot empty() {
        return EMPTY;
    }

    /** Compiles policies of namespaces. One that is not valid is left out, and stops none of the others. */
    public static PolicySnapshot of(Collection<GracefulShutdownPolicy> policies, EngineSettings settings) {
        return of(PolicyInputs.of(policies), settings);
    }

    /** Compiles policies and exceptions. One that is not valid is left out, and stops none of the others. */
    public static PolicySnapshot of(PolicyInputs inputs, EngineSettings settings) {
        var compiler = new Compiler(settings);
        inputs.policies().forEach(compiler::add);
        inputs.clusterPolicies().forEach(compiler::add);
        inputs.exceptions().forEach(compiler::add);
        return compiler.snapshot(inputs.namespaces());
    }

    @Override
    public NamespacePolicies policiesIn(String namespace) {
        NamespacePolicies known = byNamespace.get(namespace);
        if (known != null) {
            return known;
        }
        // Created a moment ago, or of a manifest that no cluster has seen.
        return ofTheCluster.isEmpty() || exemptNamespaces.contains(namespace)
                ? NamespacePolicies.NONE
                : new NamespacePolicies(selecting(ofTheCluster, Map.of(NAMESPACE_NAME, namespace)));
    }

    /** Every policy in use, in the order of precedence. */
    public Collection<CompiledPolicy> policies() {
        return accepted.values().stream()
                .sorted(Comparator.comparing(CompiledPolicy::reference))
                .toList();
    }

    /** Why a policy is left out; empty where it is in use, or unknown. */
    public List<FieldError> errors(PolicyReference reference) {
        return rejected.getOrDefault(reference, List.of());
    }

    /** Why a policy of a namespace is left out; empty where it is in use, or unknown. */
    public List<FieldError> errors(String namespace, String name) {
        return errors(new PolicyReference(namespace, name));
    }

    private static List<CompiledPolicy> selecting(List<CompiledPolicy> policies, Map<String, String> namespaceLabels) {
        return policies.stream()
                .filter(policy -> policy.selectsNamespace(namespaceLabels))
                .toList();
    }

    private static final class Compiler {
        private final EngineSettings settings;
        private final Map<String, List<CompiledPolicy>> ofNamespaces = new HashMap<>();
        private final Map<String, List<CompiledException>> exceptions = new HashMap<>();
        private final List<CompiledPolicy> ofTheCluster = new ArrayList<>();
        private final Map<PolicyReference, CompiledPolicy> accepted = new HashMap<>();
        private final Map<PolicyReference, List<FieldError>> rejected = new HashMap<>();

        Compiler(EngineSettings settings) {
            this.settings = settings;
        }

        void add(GracefulShutdownPolicy policy) {
            var reference = new PolicyReference(
                    Objects.requireNonNullElse(policy.getMetadata().getNamespace(), ""),
                    policy.getMetadata().getName());
            List<FieldError> errors = PolicyValidator.validate(policy.getSpec(), settings);
            if (errors.isEmpty()) {
                var compiled = CompiledPolicy.of(reference, policy.getSpec(), settings.kinds());
                accepted.put(reference, compiled);
                ofNamespaces
                        .computeIfAbsent(reference.namespace(), namespace -> new ArrayList<>())
                        .add(compiled);
            } else {
                rejected.put(reference, errors);
            }
        }

        void add(ClusterGracefulShutdownPolicy policy) {
            var reference = PolicyReference.cluster(policy.getMetadata().getName());
            List<FieldError> errors = PolicyValidator.validate(policy.getSpec(), settings);
            if (errors.isEmpty()) {
                var compiled = CompiledPolicy.of(reference, policy.getSpec(), settings.kinds());
                accepted.put(reference, compiled);
                ofTheCluster.add(compiled);
            } else {
                rejected.put(reference, errors);
            }
        }

        void add(ShutdownException exception) {
            String namespace =
                    Objects.requireNonNullElse(exception.getMetadata().getNamespace(), "");
            String name = exception.getMetadata().getName();
            if (ExceptionValidator.validate(exception.getSpec(), settings.kinds(), null)
                    .isEmpty()) {
                exceptions
                        .computeIfAbsent(namespace, key -> new ArrayList<>())
                        .add(CompiledException.of(namespace, name, exception.getSpec(), settings.kinds()));
            }
        }

        PolicySnapshot snapshot(Map<String, Map<String, String>> namespaces) {
            ofTheCluster.sort(Comparator.comparing(CompiledPolicy::reference));
            Set<String> names = new TreeSet<>(namespaces.keySet());
            names.addAll(ofNamespaces.keySet());
            names.addAll(exceptions.keySet());
            Map<String, NamespacePolicies> byNamespace = new HashMap<>();
            for (String name : names) {
                byNamespace.put(name, in(name, namespaces.getOrDefault(name, Map.of(NAMESPACE_NAME, name))));
            }
            return new PolicySnapshot(
                    Map.copyOf(byNamespace),
                    List.copyOf(ofTheCluster),
                    Map.copyOf(accepted),
                    Map.copyOf(rejected),
                    settings.exemptNamespaces());
        }

        private NamespacePolicies in(String namespace, Map<String, String> labels) {
            List<CompiledPolicy> policies = new ArrayList<>(ofNamespaces.getOrDefault(namespace, List.of()));
            policies.sort(Comparator.comparing(CompiledPolicy::reference));
            if (!settings.exemptNamespaces().contains(namespace)) {
                policies.addAll(selecting(ofTheCluster, labels));
            }
            List<CompiledException> excused = new ArrayList<>(exceptions.getOrDefault(namespace, List.of()));
            excused.sort(Comparator.comparing(CompiledException::name));
            return new NamespacePolicies(policies, excused, labels);
        }
    }
}
