package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.UnparsedValue;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule that begins to read a field has to take it out of {@link UnparsedValue#FIELDS}: its own cases fail here until then. */
@DisplayName("A case of the corpus of which a part stays bytes")
class UnparsedCasesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    static List<Case> cases() {
        return Cases.all(NOW);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("is judged, edited and answered as if all of it had been read")
    @MethodSource("cases")
    void sameAnswer(Case one) throws BadReviewException {
        var engine = new PolicyEngine(
                PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT),
                WorkloadKinds.BUILT_IN,
                InstantSource.fixed(NOW));
        JsonNode object = partly(one.object());
        @Nullable JsonNode oldObject = one.oldObject() == null ? null : partly(one.oldObject());

        Judgement whole = engine.judge(one.object(), Origin.NONE, one.surroundings());
        Judgement part = engine.judge(object, Origin.NONE, one.surroundings());

        assertThat(part.classification()).isEqualTo(whole.classification());
        assertThat(part.violations()).isEqualTo(whole.violations());
        assertThat(part.advice()).isEqualTo(whole.advice());
        assertThat(part.notes()).isEqualTo(whole.notes());
        assertThat(engine.mutate(request(engine, object, oldObject)))
                .isEqualTo(engine.mutate(request(engine, one.object(), one.oldObject())));
        assertThat(engine.decide(request(engine, object, oldObject)))
                .isEqualTo(engine.decide(request(engine, one.object(), one.oldObject())));
    }

    private static Request request(PolicyEngine engine, JsonNode object, @Nullable JsonNode oldObject) {
        return new Request(
                object, oldObject, Objects.requireNonNull(engine.kindOf(object)), "", Origin.NONE, Revisions.NONE);
    }

    private static JsonNode partly(JsonNode object) throws BadReviewException {
        byte[] text = object.toString().getBytes(StandardCharsets.UTF_8);
        return new JsonTrees(UnparsedValue.FIELDS).value(new JsonCursor(text));
    }
}
