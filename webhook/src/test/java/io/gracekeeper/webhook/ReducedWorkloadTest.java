package io.gracekeeper.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A workload of which only what the rules read is kept")
class ReducedWorkloadTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** Pods are not kept: there are too many, and a workload stands for its own. */
    static List<Case> cases() {
        return Cases.all(NOW).stream()
                .filter(one -> !one.object().path("kind").asText().equals("Pod"))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("is judged as the whole of it is")
    void judgedAlike(Case one) throws Exception {
        var engine = new PolicyEngine(
                PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT),
                WorkloadKinds.BUILT_IN,
                InstantSource.fixed(NOW));
        WorkloadKind kind = Objects.requireNonNull(engine.kindOf(one.object()));
        var stored = Reviews.JSON.treeToValue(one.object(), GenericKubernetesResource.class);

        JsonNode reduced = ReducedWorkload.read(ReducedWorkload.reduce(stored, kind));

        Judgement whole = engine.judge(one.object());
        Judgement part = engine.judge(reduced);
        assertThat(part.classification()).isEqualTo(whole.classification());
        assertThat(part.violations()).isEqualTo(whole.violations());
        assertThat(part.forgiven()).isEqualTo(whole.forgiven());
    }
}
