package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.FieldError;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicyValidator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy of either scope: all that the two kinds differ in.
 *
 * @param self which
 * @param object as it is stored
 * @param spec what it says, without the namespaces; null where somebody left it out
 * @param status what was found the last time; null before the first
 * @param errors why it is not valid; empty where it is
 */
record PolicyObject(
        PolicyReference self,
        HasMetadata object,
        @Nullable GracefulShutdownPolicySpec spec,
        @Nullable GracefulShutdownPolicyStatus status,
        List<FieldError> errors) {
    PolicyObject {
        errors = List.copyOf(errors);
    }

    static PolicyObject of(GracefulShutdownPolicy policy, EngineSettings settings) {
        return new PolicyObject(
                new PolicyReference(
                        policy.getMetadata().getNamespace(),
                        policy.getMetadata().getName()),
                policy,
                policy.getSpec(),
                policy.getStatus(),
                PolicyValidator.validate(policy.getSpec(), settings));
    }

    static PolicyObject of(ClusterGracefulShutdownPolicy policy, EngineSettings settings) {
        ClusterGracefulShutdownPolicySpec spec = policy.getSpec();
        return new PolicyObject(
                PolicyReference.cluster(policy.getMetadata().getName()),
                policy,
                spec == null ? null : spec.policy(),
                policy.getStatus(),
                PolicyValidator.validate(spec, settings));
    }

    boolean isOfTheCluster() {
        return self.scope() == PolicyReference.Scope.CLUSTER;
    }

    long generation() {
        return Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L);
    }

    /** Whether it gives existing workloads their turn. */
    static boolean paces(@Nullable GracefulShutdownPolicySpec spec) {
        Injection injection = spec == null ? null : spec.injection();
        return injection != null
                && injection.mode() == InjectionMode.APPLY
                && injection.existing() != null
                && injection.existing().mode() == ExistingMode.PACED;
    }

    /** The annotation that lifts a halt; null where it is not there. */
    static @Nullable String resume(HasMetadata policy) {
        var annotations = policy.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Annotations.RESUME);
    }
}
