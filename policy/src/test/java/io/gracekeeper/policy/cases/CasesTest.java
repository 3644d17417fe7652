package io.gracekeeper.policy.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.JsonPatches;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Revisions;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.UnparsedValue;
import io.gracekeeper.policy.Violation;
import io.gracekeeper.policy.WorkloadKinds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus at the evaluator's door. {@code -Dgracekeeper.cases=write} writes every expected.yaml anew from what the engine says
 * (descriptions stay): read the diff as a developer who has never heard of Gracekeeper would, then commit it.
 */
@DisplayName("The engine says of a case what is expected:")
class CasesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final boolean WRITE = "write".equals(System.getProperty("gracekeeper.cases"));

    static List<Case> cases() {
        return Cases.all(NOW);
    }

    static Expected run(Case one, Instant now) {
        var snapshot = PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT);
        var engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.fixed(now));
        Judgement judgement = engine.judge(one.object(), one.origin(), one.surroundings());
        Request request = new Request(
                one.object(),
                one.oldObject(),
                Objects.requireNonNull(engine.kindOf(one.object())),
                one.object().at("/metadata/namespace").asText(""),
                one.origin(),
                Revisions.NONE);
        Mutation mutation = engine.mutate(request);
        JsonNode mutated = JsonPatches.apply(one.object(), mutation.patch());
        Decision decision = engine.decide(new Request(
                mutated, one.oldObject(), request.kind(), request.namespace(), request.origin(), request.revisions()));
        List<String> warnings = new ArrayList<>(mutation.warnings());
        warnings.addAll(decision.warnings());
        return new Expected(
                one.expected().description(),
                judgement.classification().name(),
                judgement.violations().stream().map(CasesTest::violation).toList(),
                decision instanceof Decision.Allowed,
                warnings,
                judgement.advice().stream()
                        .map(note -> new Expected.ExpectedNote(note.rule().word(), note.field(), note.message()))
                        .toList());
    }

    private static Expected.ExpectedViolation violation(Violation violation) {
        return new Expected.ExpectedViolation(violation.rule().word(), violation.field(), violation.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void says(Case one) {
        Expected actual = run(one, NOW);
        if (WRITE) {
            Cases.write(one.folder(), actual, NOW);
        }
        assertThat(one.expected().description()).as("description").isNotBlank();
        assertThat(actual.classification().equals("UNMATCHED"))
                .as("no policy speaks about it: for the folder %s alone", Case.UNJUDGED)
                .isEqualTo(one.rule().equals(Case.UNJUDGED));
        assertThat(one.policies())
                .satisfies(policies -> assertThat(PolicySnapshot.of(policies, EngineSettings.DEFAULT)
                                .policies())
                        .as("policies that are valid")
                        .hasSize(policies.policies().size()
                                + policies.clusterPolicies().size()));
        if (!WRITE) {
            assertThat(actual).isEqualTo(one.expected());
        }
    }

    static List<Case> unjudged() {
        return cases().stream().filter(one -> one.rule().equals(Case.UNJUDGED)).toList();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("and refuses it where no policy speaks about it, as soon as it is what a person wrote:")
    @MethodSource("unjudged")
    void judgedOtherwise(Case one) {
        assertThat(run(one, NOW))
                .isEqualTo(
                        new Expected(one.expected().description(), "UNMATCHED", List.of(), true, List.of(), List.of()));
        ObjectNode written = one.object().deepCopy();
        written.withObject("/metadata").remove(List.of("annotations", "ownerReferences"));
        var snapshot = PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT);
        var engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.fixed(NOW));
        assertThat(engine.decide(Objects.requireNonNull(engine.creation(written, ""))))
                .isInstanceOf(Decision.Denied.class);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("and the same of one whose unread parts stayed bytes, as in a review:")
    @MethodSource("cases")
    void saysTheSameOfBytes(Case one) {
        var snapshot = PolicySnapshot.of(one.policies(), EngineSettings.DEFAULT);
        var engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.fixed(NOW));
        Request whole = Objects.requireNonNull(engine.creation(one.object(), ""));
        Request partly = Objects.requireNonNull(engine.creation(partly(one.object()), ""));
        assertThat(engine.mutate(partly)).isEqualTo(engine.mutate(whole));
        assertThat(engine.decide(partly)).isEqualTo(engine.decide(whole));
    }

    /** A tree in which the fields that reviews leave as bytes are bytes. */
    private static JsonNode partly(JsonNode node) {
        JsonNode copy = node.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                JsonNode value = entry.getValue();
                byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                entry.setValue(
                        value.isContainerNode() && UnparsedValue.FIELDS.contains(entry.getKey())
                                ? UnparsedValue.node(text, 0, text.length)
                                : partly(value));
            });
        } else if (copy instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, partly(list.get(i)));
            }
        }
        return copy;
    }

    @Test
    @DisplayName("every rule has cases of its own, and one of them breaks it")
    void everyRule() {
        List<Case> cases = cases();
        for (Rule rule : Rule.values()) {
            assertThat(cases)
                    .as("a case in testdata/cases/%s that breaks it", rule.word())
                    .anyMatch(one -> one.rule().equals(rule.word()) && mentions(one.expected(), rule.word()));
            assertThat(cases)
                    .as("a case in testdata/cases/%s that passes", rule.word())
                    .anyMatch(one -> one.rule().equals(rule.word()) && !mentions(one.expected(), rule.word()));
        }
    }

    @Test
    @DisplayName("what an API server is known to do is said of cases that there are")
    void apiServers() {
        assertThat(cases())
                .filteredOn(one -> one.apiServer() != Case.ApiServer.SAME)
                .hasSize(8);
    }

    private static boolean mentions(Expected expected, String rule) {
        return expected.violations().stream()
                        .anyMatch(violation -> violation.rule().equals(rule))
                || expected.advice().stream().anyMatch(note -> note.rule().equals(rule));
    }

    @Test
    @DisplayName("no folder is a case without being one")
    void folders() {
        assertThat(cases()).allSatisfy(one -> {
            assertThat(Files.exists(one.folder().resolve("expected.yaml"))).isTrue();
            assertThat(one.policyDocuments()).isNotEmpty();
            assertThat(Arrays.asList("frameworks", "scenarios", Case.UNJUDGED).contains(one.rule())
                            || Rule.of(one.rule()) != null)
                    .as("folder %s", one.rule())
                    .isTrue();
        });
    }
}
