package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A case of the corpus, sent as the API server sends it,")
class CasesDoorTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    static List<Case> cases() {
        return Cases.all(NOW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("is edited, let through or refused by the webhook in the very words of the engine")
    void sameWords(Case one) throws Exception {
        var engine = new PolicyEngine(
                PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT),
                WorkloadKinds.BUILT_IN,
                InstantSource.fixed(NOW));
        var handler = new AdmissionReviewHandler(
                new WorkloadReviews(engine, one.owners(), Revisions.NONE),
                new PolicyReviews(EngineSettings.DEFAULT, PolicyForecast.SILENT, InstantSource.fixed(NOW)),
                new WebhookMetrics(new SimpleMeterRegistry()));
        WorkloadKind kind = Objects.requireNonNull(engine.kindOf(one.object()));

        Mutation mutation = engine.mutate(request(one, one.object(), kind));
        JsonNode mutated = Reviews.response(
                handler.handle(AdmissionPath.MUTATE_WORKLOADS, Reviews.of(one.object(), one.oldObject(), one.user())));
        // As text: a parsed 35 is an int, and a computed one a long.
        assertThat(Reviews.patch(mutated)).hasToString(mutation.patch().toString());
        assertThat(texts(mutated.path("warnings"))).isEqualTo(mutation.warnings());

        JsonNode edited = JsonPatches.apply(one.object(), mutation.patch());
        Decision decision = engine.decide(request(one, edited, kind));
        JsonNode validated = Reviews.response(
                handler.handle(AdmissionPath.VALIDATE_WORKLOADS, Reviews.of(edited, one.oldObject(), one.user())));
        assertThat(validated.path("allowed").asBoolean()).isEqualTo(decision instanceof Decision.Allowed);
        assertThat(texts(validated.path("warnings"))).isEqualTo(decision.warnings());
        if (decision instanceof Decision.Denied denied) {
            assertThat(validated.at("/status/message").asText()).isEqualTo(denied.message());
            assertThat(validated.at("/status/details/causes"))
                    .hasSameSizeAs(denied.causes())
                    .zipSatisfy(denied.causes(), (sent, cause) -> {
                        assertThat(sent.path("field").asText()).isEqualTo(cause.field());
                        assertThat(sent.path("message").asText()).isEqualTo(cause.message());
                    });
        }
    }

    private static Request request(Case one, JsonNode object, WorkloadKind kind) {
        return new Request(object, one.oldObject(), kind, namespace(object), one.origin(), Revisions.NONE);
    }

    private static String namespace(JsonNode object) {
        return object.at("/metadata/namespace").asText("default");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
