package io.gracekeeper.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicyStatus;
import io.gracekeeper.operator.enforcement.Enforcement;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.operator.workload.Findings;
import io.gracekeeper.policy.CompiledPolicy;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.policy.cases.Case;
import io.gracekeeper.policy.cases.Cases;
import io.gracekeeper.policy.cases.Expected;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus at the operator's door: of what its caches keep, not of the whole object. */
@DisplayName("The status of a policy says of a case what every door says:")
class CorpusTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Enforcement UNPROVEN =
            new Enforcement(Enforcement.State.NOT_PROVEN, "NotTried", "not tried", null);

    static List<Case> cases() {
        return Cases.all(NOW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void says(Case one) {
        var snapshot = PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT);
        var engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.fixed(NOW));
        JsonNode kept = Findings.reduced(one.object(), Objects.requireNonNull(engine.kindOf(one.object())));
        Finding finding = Findings.of(kept, engine.judge(kept, origin(one, kept)));

        assertThat(finding.classification().name()).isEqualTo(one.expected().classification());
        assertThat(finding.violations())
                .extracting(
                        violation -> violation.rule().word(),
                        violation -> violation.field(),
                        violation -> violation.text())
                .containsExactlyElementsOf(one.expected().violations().stream()
                        .map(violation -> new Tuple(violation.rule(), violation.field(), violation.message()))
                        .toList());
        for (CompiledPolicy policy : snapshot.policies()) {
            if (finding.policies().contains(policy.reference())) {
                says(one.expected(), status(policy, finding));
            }
        }
    }

    /** Of what is in the cluster; a manifest is somebody's, whoever it says that it is owned by. */
    private static Origin origin(Case one, JsonNode kept) {
        return one.makers().isEmpty()
                ? Origin.NONE
                : new OriginReader(WorkloadKinds.BUILT_IN, one.owners())
                        .ofStored(kept, kept.at("/metadata/namespace").asText());
    }

    private static void says(Expected expected, GracefulShutdownPolicyStatus status) {
        boolean violating = expected.classification().equals("VIOLATING");
        assertThat(status.matched()).isEqualTo(1);
        assertThat(status.compliant()).isEqualTo(expected.classification().equals("COMPLIANT") ? 1 : 0);
        assertThat(status.fixable()).isEqualTo(expected.classification().equals("FIXABLE") ? 1 : 0);
        assertThat(status.violating()).isEqualTo(violating ? 1 : 0);
        if (violating) {
            assertThat(status.violations())
                    .extracting(violation -> violation.rule(), violation -> violation.message())
                    .containsExactlyInAnyOrderElementsOf(expected.violations().stream()
                            .map(violation -> new Tuple(violation.rule(), violation.message()))
                            .toList());
        } else {
            assertThat(status.violations()).isNull();
        }
    }

    private static GracefulShutdownPolicyStatus status(CompiledPolicy policy, Finding finding) {
        GracefulShutdownPolicySpec spec = policy.spec();
        return PolicyStatusBuilder.build(
                null, new StatusInputs(policy.reference(), 1, spec, List.of(), List.of(finding), UNPROVEN, null), NOW);
    }
}
