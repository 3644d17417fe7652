package io.gracekeeper.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The API records")
class CrdRecordsTest {
    @Test
    @DisplayName("read YAML as users write it")
    void readYaml() {
        GracefulShutdownPolicy policy = Serialization.unmarshal("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: GracefulShutdownPolicy
                metadata: {name: web, namespace: shop}
                spec:
                  match: {selector: {matchLabels: {tier: web}}}
                  requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}
                  validation: {actions: [Deny]}
                  injection: {mode: Apply, existing: {mode: Paced, maxConcurrent: 2}}
                  audit: {cleanExitCodes: [0], historyLimit: 5}
                """, GracefulShutdownPolicy.class);
        GracefulShutdownPolicySpec spec = policy.getSpec();
        assertThat(spec.requirements()).isEqualTo(new Requirements(10, 20, null, null));
        assertThat(spec.validation()).isEqualTo(new Validation(List.of(ValidationAction.DENY)));
        assertThat(spec.injection()).isEqualTo(new Injection(InjectionMode.APPLY, new Existing(ExistingMode.PACED, 2)));
        assertThat(spec.audit()).isEqualTo(new Audit(null, List.of(0), 5));
    }

    @Test
    @DisplayName("go on reading when a newer CRD has fields that they have never heard of")
    void tolerateUnknownFields() {
        GracefulShutdownPolicy policy = Serialization.unmarshal("""
                apiVersion: gracekeeper.io/v1alpha1
                kind: GracefulShutdownPolicy
                metadata: {name: web}
                spec: {future: {x: 1}, requirements: {shutdownSeconds: 7, more: 2}, audit: {enabled: false, y: []}}
                status: {matched: 3, z: true}
                """, GracefulShutdownPolicy.class);
        assertThat(policy.getSpec().requirements()).isEqualTo(new Requirements(null, 7, null, null));
        assertThat(policy.getStatus().matched()).isEqualTo(3);
    }

    static Stream<Enum<?>> words() {
        return Stream.of(
                        Verdict.values(),
                        EndResult.values(),
                        EndCause.values(),
                        EndSettings.values(),
                        InjectionMode.values(),
                        ExistingMode.values(),
                        ValidationAction.values(),
                        Profile.values(),
                        ReadinessProbeRequirement.values(),
                        ExistingViolations.values())
                .flatMap(Stream::of);
    }

    @ParameterizedTest
    @MethodSource("words")
    @DisplayName("write each enum by the word that it claims")
    void enumsAreWords(Enum<?> constant) throws ReflectiveOperationException {
        Object word = constant.getClass().getMethod("word").invoke(constant);
        assertThat(Serialization.asJson(constant)).isEqualTo("\"" + word + "\"");
    }
}
