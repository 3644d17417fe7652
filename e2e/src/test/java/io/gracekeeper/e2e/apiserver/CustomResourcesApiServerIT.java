package io.gracekeeper.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.e2e.machine.Kubectl;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The API server alone, with nothing of ours but the CRDs,")
@OnRealApiServer
class CustomResourcesApiServerIT {
    private Kubectl kubectl;

    @BeforeAll
    void namespace(ApiServer server) {
        kubectl = server.cluster().newNamespace("crds");
    }

    private static String policy(String name, String spec) {
        return """
                apiVersion: gracekeeper.io/v1alpha1
                kind: GracefulShutdownPolicy
                metadata: {name: %s}
                spec: %s
                """.formatted(name, spec);
    }

    @Test
    @DisplayName("takes a policy without requirements, shows that it would warn and audits, and lets it inject nothing")
    void empty() {
        kubectl.apply(policy("empty", "{}"));
        JsonNode spec = kubectl.get("gsp", "empty").path("spec");
        assertThat(spec.path("validation")).hasToString("{\"actions\":[\"Warn\"],\"existingViolations\":\"Allow\"}");
        assertThat(spec.path("audit").path("enabled").asBoolean()).isTrue();
        assertThat(spec.has("injection")).isFalse();
        assertThat(spec.has("requirements")).isFalse();
    }

    @Test
    @DisplayName("fills in the defaults of the parts that a policy has")
    void defaults() {
        kubectl.apply(policy("defaults", "{validation: {}, injection: {existing: {}}, audit: {}, requirements: {}}"));
        JsonNode spec = kubectl.get("gsp", "defaults").path("spec");
        assertThat(spec.path("validation")).hasToString("{\"actions\":[\"Warn\"],\"existingViolations\":\"Allow\"}");
        assertThat(spec.path("injection"))
                .hasToString("{\"existing\":{\"maxConcurrent\":1,\"mode\":\"NextRollout\"},\"mode\":\"DryRun\"}");
        assertThat(spec.path("audit")).hasToString("{\"cleanExitCodes\":[0,143],\"enabled\":true,\"historyLimit\":3}");
        assertThat(spec.path("requirements")).hasToString("{}");
    }

    @Test
    @DisplayName("takes the largest and the smallest of every number")
    void bounds() {
        kubectl.apply(
                policy(
                        "largest",
                        "{requirements: {drainDelaySeconds: 600, shutdownSeconds: 85200, marginSeconds: 600,"
                                + " maxTerminationGracePeriodSeconds: 86400},"
                                + " injection: {existing: {maxConcurrent: 100}}, audit: {historyLimit: 10, cleanExitCodes: [0, 255]}}"));
        kubectl.apply(
                policy(
                        "smallest",
                        "{requirements: {drainDelaySeconds: 0, shutdownSeconds: 0, marginSeconds: 0,"
                                + " maxTerminationGracePeriodSeconds: 1},"
                                + " injection: {existing: {maxConcurrent: 1}}, audit: {historyLimit: 1, cleanExitCodes: [1]}}"));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("refuses, naming the field,")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {requirements: {drainDelaySeconds: -1}}                                   | spec.requirements.drainDelaySeconds     | greater than or equal to 0
            {requirements: {drainDelaySeconds: 601}}                                  | spec.requirements.drainDelaySeconds     | less than or equal to 600
            {requirements: {shutdownSeconds: -1}}                                     | spec.requirements.shutdownSeconds       | greater than or equal to 0
            {requirements: {shutdownSeconds: 86401}}                                  | spec.requirements.shutdownSeconds       | less than or equal to 86400
            {requirements: {marginSeconds: -1}}                                       | spec.requirements.marginSeconds         | greater than or equal to 0
            {requirements: {marginSeconds: 601}}                                      | spec.requirements.marginSeconds         | less than or equal to 600
            {requirements: {maxTerminationGracePeriodSeconds: 0}}                     | spec.requirements.maxTerminationGracePeriodSeconds | greater than or equal to 1
            {requirements: {maxTerminationGracePeriodSeconds: 86401}}                 | spec.requirements.maxTerminationGracePeriodSeconds | less than or equal to 86400
            {requirements: {drainDelaySeconds: ten}}                                  | spec.requirements.drainDelaySeconds     | must be of type integer
            {injection: {mode: Off}}                                                  | spec.injection.mode                     | `must be of type string: "boolean"`
            {injection: {mode: Revert}}                                               | spec.injection.mode                     | `supported values: "Apply", "Disabled", "DryRun"`
            {injection: {existing: {mode: Now}}}                                      | spec.injection.existing.mode            | `supported values: "NextRollout", "Paced"`
            {injection: {existing: {maxConcurrent: 0}}}                               | spec.injection.existing.maxConcurrent   | greater than or equal to 1
            {injection: {existing: {maxConcurrent: 101}}}                             | spec.injection.existing.maxConcurrent   | less than or equal to 100
            {audit: {historyLimit: 0}}                                                | spec.audit.historyLimit                 | greater than or equal to 1
            {audit: {historyLimit: 11}}                                               | spec.audit.historyLimit                 | less than or equal to 10
            {audit: {cleanExitCodes: []}}                                             | spec.audit.cleanExitCodes               | should have at least 1 items
            {audit: {cleanExitCodes: [256]}}                                          | spec.audit.cleanExitCodes[0]            | less than or equal to 255
            {audit: {cleanExitCodes: [0, -1]}}                                        | spec.audit.cleanExitCodes[1]            | greater than or equal to 0
            {audit: {cleanExitCodes: [0, 137]}}                                       | spec.audit.cleanExitCodes               | 137 is what SIGKILL leaves behind and never a clean exit code: remove it
            {validation: {actions: []}}                                               | spec.validation.actions                 | should have at least 1 items
            {validation: {actions: [Block]}}                                          | spec.validation.actions[0]              | `supported values: "Audit", "Deny", "Warn"`
            {validation: {actions: [Deny, Warn]}}                                     | spec.validation.actions                 | Deny and Warn exclude each other: a refusal says more than a warning. Keep one of them
            {validation: {actions: [Audit, Audit]}}                                   | spec.validation.actions                 | each action may appear once
            {requirements: {drainDelaySeconds: 20, shutdownSeconds: 20, maxTerminationGracePeriodSeconds: 44}} | spec.requirements.maxTerminationGracePeriodSeconds | no pod could ever comply. Raise the maximum or lower the others
            {requirements: {shutdownSeconds: 20, marginSeconds: 0, maxTerminationGracePeriodSeconds: 19}}      | spec.requirements.maxTerminationGracePeriodSeconds | no pod could ever comply. Raise the maximum or lower the others
            """)
    void refused(String spec, String field, String why) {
        var result = kubectl.with(policy("wrong", spec), "apply", "--dry-run=server");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(field).contains(why).doesNotContain("failed rule");
    }

    @Test
    @DisplayName("refuses a policy with several mistakes once, with all of them")
    void allAtOnce() {
        var result = kubectl.with(
                policy(
                        "wrong",
                        "{requirements: {drainDelaySeconds: -1, marginSeconds: 601}, audit: {historyLimit: 0}}"),
                "create");
        assertThat(result.err())
                .contains("spec.requirements.drainDelaySeconds")
                .contains("spec.requirements.marginSeconds")
                .contains("spec.audit.historyLimit");
    }

    @Test
    @DisplayName("tells a typo apart from a field")
    void unknownField() {
        var strict = kubectl.with(policy("typo", "{requirements: {drainDelay: 5}}"), "apply", "--dry-run=server");
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.err()).contains("unknown field \"spec.requirements.drainDelay\"");
    }

    @Test
    @DisplayName("needs a spec")
    void noSpec() {
        var result = kubectl.with(
                "apiVersion: gracekeeper.io/v1alpha1\nkind: GracefulShutdownPolicy\nmetadata: {name: none}", "apply");
        assertThat(result.err()).contains("spec: Required value");
    }

    @Test
    @DisplayName("prints a policy in columns, by its short name")
    void policyColumns() {
        kubectl.apply(policy("columns", "{validation: {actions: [Deny]}, injection: {mode: Apply}}"));
        kubectl.ok("patch", "gsp", "columns", "--subresource=status", "--type=merge", "-p", """
                {"status": {"matched": 7, "compliant": 4, "fixable": 2, "violating": 1, "conditions": [
                  {"type": "Accepted", "status": "True", "reason": "Valid", "lastTransitionTime": "2026-11-24T00:00:00Z"},
                  {"type": "Enforced", "status": "False", "reason": "NotEnforced", "lastTransitionTime": "2026-11-24T00:00:00Z"}]}}""");
        assertThat(words(kubectl.ok("get", "gsp", "columns")))
                .satisfiesExactly(
                        head -> assertThat(head)
                                .isEqualTo("NAME VALIDATE INJECT MATCHED COMPLIANT FIXABLE VIOLATING ENFORCED AGE"),
                        line -> assertThat(line).startsWith("columns Deny Apply 7 4 2 1 False "));
        assertThat(words(kubectl.ok("get", "gsp", "columns", "-o", "wide")).get(0))
                .contains("ENFORCED EXEMPT ACCEPTED AGE");
        assertThat(kubectl.ok("get", "gracekeeper")).contains("columns");
    }

    @Test
    @DisplayName("lets nobody write a status through the object itself")
    void statusIsASubresource() {
        kubectl.apply(policy("status", "{}") + "status: {matched: 3}\n");
        assertThat(kubectl.get("gsp", "status").has("status")).isFalse();
    }

    @Test
    @DisplayName("prints an audit in columns, keeps its spec for ever, and knows every word of a verdict")
    void audit() {
        String audit = """
                apiVersion: gracekeeper.io/v1alpha1
                kind: RolloutAudit
                metadata: {name: deploy-checkout-8}
                spec: {revision: "%s", workload: {kind: Deployment, name: checkout, uid: abc}}
                """;
        kubectl.apply(audit.formatted(8));
        kubectl.ok("patch", "ra", "deploy-checkout-8", "--subresource=status", "--type=merge", "-p", """
                {"status": {"verdict": "ForcedKill", "ended": "3/3", "settings": "Old", "counts": {"expected": 3, "forced": 2, "unseen": 1},
                  "ends": [{"pod": "checkout-1", "container": "app", "result": "ForcedKill", "cause": "Rollout", "exitCode": 137,
                            "t0": "2026-11-24T00:00:00Z", "grace": 30, "endedAfter": 30, "settings": "Old"}]}}""");
        assertThat(words(kubectl.ok("get", "rolloutaudits")))
                .satisfiesExactly(
                        head -> assertThat(head).isEqualTo("NAME VERDICT ENDED FORCED UNSEEN SETTINGS AGE"),
                        line -> assertThat(line).startsWith("deploy-checkout-8 ForcedKill 3/3 2 1 Old "));
        var changed = kubectl.with(audit.formatted(9), "apply");
        assertThat(changed.err()).contains("an audit speaks about one rollout for ever: its spec is immutable");
        var unknown = kubectl.run(
                "patch",
                "ra",
                "deploy-checkout-8",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"verdict\": \"Fine\"}}");
        assertThat(unknown.err()).contains("status.verdict").contains("\"NoForcedKill\"");
    }

    private static List<String> words(String table) {
        return table.lines().map(line -> line.strip().replaceAll("\\s+", " ")).toList();
    }
}
