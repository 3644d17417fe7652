package io.gracekeeper.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracekeeper.cli.CommandLineRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

@DisplayName("check writes the same findings in each form:")
class ReportsTest {
    private static final String MANIFESTS = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: bad, namespace: shop}
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: 40
                  containers:
                    - {name: app, lifecycle: {preStop: {sleep: {seconds: 30}}}}
            ---
            a: [
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: good, namespace: shop}
            spec: {template: {spec: {terminationGracePeriodSeconds: 60, containers: [{name: "<&>", image: x}]}}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: other, namespace: shop}
            spec: {template: {spec: {containers: [{name: a}]}}}
            """;

    private static final String MESSAGE =
            "40s is too short: container \"app\" needs preStop 30s + shutdown 20s + margin 5s = 55s (gsp/web).";

    @TempDir
    Path folder;

    private String policy = "";

    @BeforeEach
    void writePolicy() throws IOException {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                        apiVersion: gracekeeper.io/v1alpha1
                        kind: GracefulShutdownPolicy
                        metadata: {name: web, namespace: shop}
                        spec:
                          requirements: {shutdownSeconds: 20, marginSeconds: 5}
                          validation: {actions: [Deny]}
                        """).toString();
    }

    private String report(String format) {
        CommandLineRun run = CommandLineRun.withInput(MANIFESTS, "check", "--policy", policy, "-o", format, "-");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("<stdin>:12:1: ");
        return run.out();
    }

    @Test
    @DisplayName("text")
    void text() {
        assertThat(report("text")).isEqualTo("""
                        <stdin>:7:7: error: Deployment shop/bad [BudgetFits]
                          spec.template.spec.terminationGracePeriodSeconds: %s Fix:
                            terminationGracePeriodSeconds: 55
                        3 workloads in 1 input: 1 fine, 1 violating (1 violation), 1 that no policy speaks about, 1 problem with the input
                        """.formatted(MESSAGE));
    }

    @Test
    @DisplayName("json")
    void json() throws IOException {
        JsonNode report = new ObjectMapper().readTree(report("json"));

        JsonNode finding = report.at("/workloads/0/findings/0");
        assertThat(finding.path("rule").asText()).isEqualTo("BudgetFits");
        assertThat(finding.path("severity").asText()).isEqualTo("error");
        assertThat(finding.path("line").asInt()).isEqualTo(7);
        assertThat(finding.path("column").asInt()).isEqualTo(7);
        assertThat(finding.path("message").asText()).isEqualTo(MESSAGE);
        assertThat(finding.path("fix").asText()).isEqualTo("terminationGracePeriodSeconds: 55");
        assertThat(finding.path("policy").asText()).isEqualTo("gsp/web");
        assertThat(report.path("workloads").findValuesAsText("classification"))
                .containsExactly("Violating", "Compliant", "Unmatched");
        assertThat(report.at("/problems/0/line").asInt()).isEqualTo(12);
        assertThat(report.path("summary").toString())
                .isEqualTo(
                        "{\"inputs\":1,\"workloads\":3,\"matched\":2,\"violating\":1,\"violations\":1,\"problems\":1,\"skippedDocuments\":0}");
    }

    @Test
    @DisplayName("github")
    void github() {
        List<String> lines = report("github").lines().toList();

        assertThat(lines.getFirst())
                .isEqualTo(
                        "::error file=<stdin>,line=7,col=7,title=BudgetFits%3A Deployment shop/bad::spec.template.spec.terminationGracePeriodSeconds: "
                                + MESSAGE + " Fix:%0A    terminationGracePeriodSeconds: 55");
        assertThat(lines.getLast()).startsWith("::error file=<stdin>,line=12,col=1,title=unreadable::");
        assertThat(lines).hasSize(2);
    }

    @Test
    @DisplayName("junit")
    void junit() throws Exception {
        Element suite = (Element) DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(report("junit").getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("testsuite")
                .item(0);

        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("type")).isEqualTo("BudgetFits");
        assertThat(failure.getTextContent())
                .isEqualTo("<stdin>:7:7: spec.template.spec.terminationGracePeriodSeconds: " + MESSAGE
                        + " Fix:\n    terminationGracePeriodSeconds: 55");
    }

    /** What the schema of SARIF 2.1.0 requires, and what its text asks of values. */
    @Test
    @DisplayName("sarif, with everything that the standard requires")
    void sarif() throws IOException {
        JsonNode log = new ObjectMapper().readTree(report("sarif"));

        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        assertThat(log.path("$schema").asText()).endsWith("sarif-schema-2.1.0.json");
        assertThat(log.path("runs")).hasSize(1);
        JsonNode run = log.path("runs").get(0);
        JsonNode driver = run.at("/tool/driver");
        assertThat(driver.path("name").asText()).isEqualTo("gracekeeper");
        assertThat(driver.at("/rules/0/id").asText()).isEqualTo("BudgetFits");
        assertThat(driver.at("/rules/0/fullDescription/text").asText()).isNotBlank();
        assertThat(run.path("columnKind").asText()).isIn("utf16CodeUnits", "unicodeCodePoints");
        assertThat(run.at("/invocations/0/executionSuccessful").isBoolean()).isTrue();
        assertThat(run.at("/invocations/0/toolExecutionNotifications/0/message/text")
                        .asText())
                .isNotBlank();
        assertThat(run.path("results")).hasSize(1);
        JsonNode result = run.path("results").get(0);
        assertThat(result.path("ruleId").asText()).isEqualTo("BudgetFits");
        assertThat(driver.path("rules").get(result.path("ruleIndex").asInt()).path("id"))
                .isEqualTo(result.path("ruleId"));
        assertThat(result.path("level").asText()).isIn("none", "note", "warning", "error");
        assertThat(result.at("/message/text").asText())
                .startsWith("Deployment shop/bad: spec.template")
                .contains(MESSAGE);
        JsonNode place = result.at("/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uri").asText()).isEqualTo("%3Cstdin%3E");
        assertThat(place.at("/region/startLine").asInt()).isEqualTo(7);
        assertThat(place.at("/region/startColumn").asInt()).isEqualTo(7);
        assertThat(result.path("partialFingerprints").properties()).hasSize(1);
    }
}
