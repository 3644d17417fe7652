package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.PatchOperation;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyLister;
import io.gracekeeper.policy.WorkloadKinds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The handler")
class AdmissionReviewHandlerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    @DisplayName("answers each path with its own decision, and counts it by outcome")
    void countsOutcomes() throws Exception {
        var handler = handler(Reviews.STRICT);

        JsonNode mutated =
                Reviews.response(handler.handle(AdmissionPath.MUTATE_WORKLOADS, Reviews.bytes("deployment-create")));
        handler.handle(AdmissionPath.VALIDATE_WORKLOADS, Reviews.bytes("deployment-create"));
        handler.handle(AdmissionPath.VALIDATE_WORKLOADS, Reviews.bytes("deployment-update"));
        handler.handle(AdmissionPath.VALIDATE_POLICIES, Reviews.bytes("policy-create"));
        handler.handle(AdmissionPath.VALIDATE_POLICIES, Reviews.bytes("deployment-create"));

        assertThat(Reviews.patch(mutated)).extracting(PatchOperation::path).isNotEmpty();
        assertThat(count("mutate_workloads", "patched")).isOne();
        assertThat(count("validate_workloads", "refused")).isOne();
        assertThat(count("validate_workloads", "warned")).isOne();
        assertThat(count("validate_policies", "allowed")).isOne();
        assertThat(count("validate_policies", "unjudged")).isOne();
        assertThat(registry.get(WebhookMetrics.DURATION)
                        .tag("path", "validate_workloads")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @DisplayName("lets an object pass with a warning where judging it fails, and counts that")
    @EnumSource(
            value = AdmissionPath.class,
            names = {"MUTATE_WORKLOADS", "VALIDATE_WORKLOADS"})
    void failsOpen(AdmissionPath path) throws Exception {
        var handler = handler(namespace -> {
            throw new IllegalStateException("expected by the test");
        });

        JsonNode response = Reviews.response(handler.handle(path, Reviews.bytes("deployment-create")));

        assertThat(response.path("allowed").booleanValue()).isTrue();
        assertThat(response.path("warnings")).hasToString("[\"gracekeeper: internal error, not judged\"]");
        assertThat(response.has("patch")).isFalse();
        assertThat(count(path.name().toLowerCase(Locale.ROOT), "failed")).isOne();
    }

    @ParameterizedTest(name = "{0} = {1}")
    @DisplayName("judges an object that is odd, and never fails on it")
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/template/spec | terminationGracePeriodSeconds | 0",
                "/spec/template/spec | terminationGracePeriodSeconds | -9223372036854775808",
                "/spec/template/spec | terminationGracePeriodSeconds | null",
                "/spec/template/spec | terminationGracePeriodSeconds | \"30\"",
                "/spec/template/spec | containers | {\"app\":{}}",
                "/spec/template/spec | containers | [null,1,[]]",
                "/spec/template/spec/containers/0 | name | null",
                "/spec/template/spec/containers/0 | lifecycle | null",
                "/spec/template/spec/containers/0 | lifecycle | {\"preStop\":{\"tcpSocket\":{\"port\":1}}}",
                "/spec/template/spec/containers/0 | lifecycle | {\"preStop\":{\"exec\":{\"command\":[\"sh\",\"-c\",\"sleep $X\"]}}}",
                "/spec/template/spec/containers/0 | ports | 8080",
                "/spec/template/metadata | labels | [\"app\"]",
                "/spec/template/metadata | annotations | \"none\"",
                "/spec | template | null",
                "/metadata | annotations | null",
                "/metadata | managedFields | {}",
            })
    void oddObjects(String parent, String field, String value) throws Exception {
        byte[] review = Reviews.bytes(
                "deployment-create",
                r -> Reviews.at(r, "/request/object" + parent).set(field, Reviews.parse(value)));
        JsonNode object = Reviews.JSON.readTree(review).at("/request/object");
        var handler = handler(Reviews.STRICT);

        JsonNode mutated = Reviews.response(handler.handle(AdmissionPath.MUTATE_WORKLOADS, review));
        JsonPatches.apply(object, Reviews.patch(mutated));
        handler.handle(AdmissionPath.VALIDATE_WORKLOADS, review);

        assertThat(registry.find(WebhookMetrics.REVIEWS)
                        .tag("outcome", "failed")
                        .counters())
                .isEmpty();
    }

    @Test
    @DisplayName("counts what is no review, and passes the refusal on")
    void countsMalformed() {
        assertThatExceptionOfType(BadReviewException.class)
                .isThrownBy(() -> handler(Reviews.STRICT)
                        .handle(AdmissionPath.VALIDATE_POLICIES, "[".getBytes(StandardCharsets.UTF_8)));
        assertThat(count("validate_policies", "malformed")).isOne();
    }

    @Test
    @DisplayName("neither patches where the mode is DryRun nor refuses where the action is Warn")
    void softPolicy() throws Exception {
        var handler = handler(Reviews.policy(InjectionMode.DRY_RUN, ValidationAction.WARN));

        JsonNode mutated =
                Reviews.response(handler.handle(AdmissionPath.MUTATE_WORKLOADS, Reviews.bytes("deployment-create")));
        JsonNode validated =
                Reviews.response(handler.handle(AdmissionPath.VALIDATE_WORKLOADS, Reviews.bytes("deployment-create")));

        assertThat(mutated.has("patch")).isFalse();
        assertThat(validated.path("allowed").booleanValue()).isTrue();
        assertThat(validated.path("warnings"))
                .isNotEmpty()
                .allSatisfy(warning -> assertThat(warning.asText())
                        .hasSizeLessThanOrEqualTo(120)
                        .doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    @DisplayName("is warmed up by a review that is injected into and refused, and leaves no trace")
    void warmUp() throws Exception {
        var handler = handler(Reviews.STRICT);

        assertThat(Reviews.patch(Reviews.response(handler.handle(AdmissionPath.MUTATE_WORKLOADS, WarmUp.review()))))
                .isNotEmpty();
        assertThat(Reviews.response(handler.handle(AdmissionPath.VALIDATE_WORKLOADS, WarmUp.review()))
                        .path("allowed")
                        .booleanValue())
                .isFalse();
        WarmUp.run();
    }

    private AdmissionReviewHandler handler(PolicyLister policies) {
        return new AdmissionReviewHandler(
                new PolicyEngine(policies, WorkloadKinds.BUILT_IN, InstantSource.system()),
                EngineSettings.DEFAULT,
                new WebhookMetrics(registry));
    }

    private double count(String path, String outcome) {
        return registry.get(WebhookMetrics.REVIEWS)
                .tag("path", path)
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
