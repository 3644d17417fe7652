package io.gracekeeper.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.operator.Workloads;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.operator.workload.Findings;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The report of a namespace")
class ReportBuilderTest {
    private static final ReportBuilder.Owner OWNER = new ReportBuilder.Owner("gracekeeper-operator-reports", "u-1");

    @Test
    @DisplayName("lists what is refused before what is forgiven, and counts what passes")
    void results() {
        PolicyEngine engine = engine(Workloads.exception("vendor", "ledger", Instant.parse("2030-01-01T00:00:00Z")));
        JsonNode report = ReportBuilder.build(
                "shop",
                List.of(
                        Findings.of(Workloads.shortOfTime("ledger"), engine),
                        Findings.of(Workloads.serving("checkout", 1), engine)),
                OWNER);
        assertThat(report.at("/metadata/name").asText()).isEqualTo("gracekeeper");
        assertThat(report.at("/summary/skip").asInt()).isEqualTo(1);
        assertThat(report.at("/summary/fail").asInt()).isEqualTo(3);
        assertThat(report.at("/summary/pass").asInt()).isZero();
        assertThat(report.at("/results/0/result").asText()).isEqualTo("fail");
        assertThat(report.at("/results/0/resources/0/name").asText()).isEqualTo("checkout");
        assertThat(report.at("/results/3/result").asText()).isEqualTo("skip");
        assertThat(report.at("/results/3/rule").asText()).isEqualTo("BudgetFits");
        assertThat(report.at("/results/3/policy").asText()).isEqualTo("gsp/web");
        assertThat(report.at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("u-1");
        assertThat(report.at("/metadata").has("annotations")).isFalse();
    }

    @Test
    @DisplayName("lists at most 500 results, says how many it leaves out, and counts all")
    void capped() {
        PolicyEngine engine = engine();
        List<Finding> many = IntStream.range(0, 300)
                .mapToObj(i -> Findings.of(Workloads.shortOfTime("w" + i), engine))
                .toList();
        JsonNode report = ReportBuilder.build("shop", many, OWNER);
        assertThat(report.path("results")).hasSize(ReportBuilder.MAX_RESULTS);
        assertThat(report.at("/metadata/annotations")
                        .path(ReportBuilder.LEFT_OUT)
                        .asText())
                .isEqualTo("100");
        assertThat(report.at("/summary/fail").asInt()).isEqualTo(600);
    }

    @Test
    @DisplayName("is the same when it was read back with its keys in another order, and not with another text")
    void content() throws Exception {
        PolicyEngine engine = engine();
        ObjectNode report =
                ReportBuilder.build("shop", List.of(Findings.of(Workloads.shortOfTime("ledger"), engine)), OWNER);
        var sorted = new ObjectMapper()
                .configure(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
        JsonNode again = sorted.readTree(sorted.writeValueAsString(sorted.convertValue(report, Map.class)));
        assertThat(ReportBuilder.content(again)).isEqualTo(ReportBuilder.content(report));
        StreamSupport.stream(again.path("results").spliterator(), false)
                .forEach(result -> ((ObjectNode) result).put("message", "another"));
        assertThat(ReportBuilder.content(again)).isNotEqualTo(ReportBuilder.content(report));
    }

    private static PolicyEngine engine(ShutdownException... exceptions) {
        var inputs = new PolicyInputs(List.of(Workloads.paced("web", 1)), List.of(), List.of(exceptions), Map.of());
        return new PolicyEngine(
                PolicySnapshot.of(inputs, EngineSettings.DEFAULT), WorkloadKinds.BUILT_IN, InstantSource.system());
    }
}
