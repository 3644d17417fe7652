package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A policy")
class PolicyValidatorTest {
    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(
                        "{match: {selector: {matchExpressions: [{key: a, operator: in, values: [x]}]}}}",
                        List.of("spec.match.selector.matchExpressions[0].operator")),
                Arguments.of(
                        "{match: {selector: {matchExpressions: [{key: a, operator: In}]}}}",
                        List.of("spec.match.selector.matchExpressions[0].values")),
                Arguments.of(
                        "{match: {excludeSelector: {matchExpressions: [{key: a, operator: Exists, values: [x]}]}}}",
                        List.of("spec.match.excludeSelector.matchExpressions[0].values")),
                Arguments.of(
                        "{match: {selector: {matchLabels: {'-a': 'b c'}}}}",
                        List.of("spec.match.selector.matchLabels", "spec.match.selector.matchLabels[-a]")),
                Arguments.of(
                        "{requirements: {drainDelaySeconds: 601, shutdownSeconds: -1, marginSeconds: 999, maxTerminationGracePeriodSeconds: 0}}",
                        List.of(
                                "spec.requirements.drainDelaySeconds",
                                "spec.requirements.shutdownSeconds",
                                "spec.requirements.marginSeconds",
                                "spec.requirements.maxTerminationGracePeriodSeconds",
                                "spec.requirements.maxTerminationGracePeriodSeconds")),
                Arguments.of(
                        "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20, maxTerminationGracePeriodSeconds: 34}}",
                        List.of("spec.requirements.maxTerminationGracePeriodSeconds")),
                Arguments.of(
                        "{requirements: {maxTerminationGracePeriodSeconds: 3601}}",
                        List.of("spec.requirements.maxTerminationGracePeriodSeconds")),
                Arguments.of("{requirements: {shutdownSeconds: 3600}}", List.of("spec.requirements")),
                Arguments.of("{validation: {actions: [Deny, Warn]}}", List.of("spec.validation.actions")),
                Arguments.of("{validation: {actions: []}}", List.of("spec.validation.actions")),
                Arguments.of("{validation: {actions: [Audit, Audit]}}", List.of("spec.validation.actions")),
                Arguments.of(
                        "{injection: {existing: {maxConcurrent: 0}}}",
                        List.of("spec.injection.existing.maxConcurrent")),
                Arguments.of(
                        "{audit: {historyLimit: 11, cleanExitCodes: [0, 300, 137]}}",
                        List.of(
                                "spec.audit.historyLimit",
                                "spec.audit.cleanExitCodes[1]",
                                "spec.audit.cleanExitCodes")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    @DisplayName("that is wrong is told every error at once, with its field")
    void errors(String spec, List<String> paths) {
        assertThat(PolicyValidator.validate(spec(spec), EngineSettings.DEFAULT))
                .extracting(FieldError::path)
                .containsExactlyElementsOf(paths);
    }

    @Test
    @DisplayName("may ask for nothing at all: then it audits")
    void empty() {
        assertThat(PolicyValidator.validate(spec("{}"), EngineSettings.DEFAULT)).isEmpty();
        assertThat(PolicyValidator.validate((GracefulShutdownPolicySpec) null, EngineSettings.DEFAULT))
                .hasSize(1);
    }

    @Test
    @DisplayName("that is wrong is left out and stops none of the others")
    void snapshot() {
        PolicySnapshot snapshot = PolicySnapshot.of(
                List.of(policy("z", "{}"), policy("bad", "{validation: {actions: []}}"), policy("a", "{}")),
                EngineSettings.DEFAULT);
        assertThat(snapshot.policiesIn("shop").policies())
                .extracting(policy -> policy.reference().name())
                .containsExactly("a", "z");
        assertThat(snapshot.errors("shop", "bad")).hasSize(1);
        assertThat(snapshot.errors("shop", "a")).isEmpty();
        assertThat(snapshot.policiesIn("other").policies()).isEmpty();
        assertThat(PolicySnapshot.empty().policiesIn("shop").policies()).isEmpty();
    }

    private static GracefulShutdownPolicySpec spec(String yaml) {
        // Not through Yaml.policy: that compiles, which an invalid one may not survive.
        return Yaml.read(yaml, GracefulShutdownPolicySpec.class);
    }

    private static GracefulShutdownPolicy policy(String name, String spec) {
        return Yaml.read(
                "{metadata: {name: " + name + ", namespace: shop}, spec: " + spec + "}", GracefulShutdownPolicy.class);
    }
}
