package io.gracekeeper.e2e.apiserver;

import static io.gracekeeper.e2e.apiserver.Manifests.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.e2e.machine.Kubectl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A policy that can't hold is refused when it is applied:")
@OnRealApiServer
class PolicyAdmissionApiServerIT {
    private WebhookUnderTest webhook;
    private Kubectl kubectl;

    @BeforeAll
    void start(ApiServer server) {
        webhook = server.webhook();
        kubectl = webhook.namespace();
    }

    @Test
    @DisplayName("with everything that the schema can't see, at once")
    void allAtOnce() {
        var result = kubectl.with(policy("""
                {match: {selector: {matchExpressions: [{key: tier, operator: Among, values: [a]}]},
                         excludeSelector: {matchLabels: {"not a key": x}}},
                 requirements: {maxTerminationGracePeriodSeconds: 3601}}"""), "apply");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("The GracefulShutdownPolicy \"web\" is invalid: ")
                .contains("* spec.match.selector.matchExpressions[0].operator: ")
                .contains("* spec.match.excludeSelector.matchLabels")
                .contains(
                        "* spec.requirements.maxTerminationGracePeriodSeconds: 3601 is more than the cluster's cap of 3600");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("because of")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {match: {selector: {matchExpressions: [{key: tier, operator: In}]}}}                   | spec.match.selector.matchExpressions[0].values
            {match: {selector: {matchExpressions: [{key: tier, operator: Exists, values: [x]}]}}}  | spec.match.selector.matchExpressions[0].values
            {match: {selector: {matchExpressions: [{key: "", operator: Exists}]}}}                 | spec.match.selector.matchExpressions[0].key
            {match: {excludeSelector: {matchLabels: {tier: "a b"}}}}                               | spec.match.excludeSelector.matchLabels
            {requirements: {shutdownSeconds: 4000}}                                                | spec.requirements
            """)
    void refused(String spec, String field) {
        var result = kubectl.with(policy(spec), "apply");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(field).doesNotContain("Internal");
    }

    @Test
    @DisplayName("but labels of a policy stay free, whatever its spec has become meanwhile")
    void metadata() {
        kubectl.apply(policy("{requirements: {shutdownSeconds: 10}}"));
        long reviews = webhook.reviews("validate_policies");
        kubectl.ok("label", "gsp", "web", "team=platform");
        kubectl.ok("patch", "gsp", "web", "--subresource=status", "--type=merge", "-p", "{\"status\":{\"matched\":1}}");
        assertThat(webhook.reviews("validate_policies")).isEqualTo(reviews);
        kubectl.ok("delete", "gsp", "web");
    }
}
