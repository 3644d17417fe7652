package io.gracekeeper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The configuration")
class ConfigurationTest {
    private static final String ROLLOUT_JSON = """
            {"group": "argoproj.io", "version": "v1alpha1", "kind": "Rollout", "resource": "rollouts",
             "templatePath": "spec.template", "controllers": ["system:serviceaccount:argo:rollouts"]}""";

    private static final RegisteredKind ROLLOUT = new RegisteredKind(
            new WorkloadKind(
                    "argoproj.io",
                    "Rollout",
                    List.of("spec", "template"),
                    true,
                    Set.of("system:serviceaccount:argo:rollouts")),
            "v1alpha1",
            "rollouts");

    @Test
    @DisplayName("has a default for everything")
    void defaults() {
        var configuration = Configuration.from(Map.of("PATH", "/bin"), ProcessKind.WEBHOOK);

        assertThat(configuration)
                .isEqualTo(new Configuration(
                        ProcessKind.WEBHOOK,
                        "gracekeeper-system",
                        "gracekeeper-webhook",
                        "gracekeeper-webhook",
                        "gracekeeper-webhook-tls",
                        "gracekeeper-ca",
                        "gracekeeper",
                        "gracekeeper-operator",
                        "gracekeeper-system-canary",
                        new EngineSettings(
                                3600,
                                Set.of(
                                        "kube-system",
                                        "kube-node-lease",
                                        "gracekeeper-system",
                                        "gracekeeper-system-canary"),
                                WorkloadKinds.BUILT_IN),
                        List.of(),
                        10,
                        "",
                        8443,
                        8081,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Configuration.LogLevel.INFO,
                        Configuration.LogFormat.JSON));
        assertThat(Configuration.from(Map.of("HOSTNAME", "op-1"), ProcessKind.OPERATOR))
                .extracting(Configuration::podName, Configuration::drain)
                .containsExactly("op-1", Duration.ZERO);
    }

    @Test
    @DisplayName("takes every variable")
    void takesEveryVariable() {
        var configuration = Configuration.from(
                Map.ofEntries(
                        Map.entry("GRACEKEEPER_NAMESPACE", "ns"),
                        Map.entry("GRACEKEEPER_POD_NAME", "pod"),
                        Map.entry("GRACEKEEPER_WEBHOOK_SERVICE", "svc"),
                        Map.entry("GRACEKEEPER_TLS_SECRET", "tls"),
                        Map.entry("GRACEKEEPER_CA_SECRET", "ca"),
                        Map.entry("GRACEKEEPER_WEBHOOK_CONFIGURATION", "hook"),
                        Map.entry("GRACEKEEPER_LEASE", "lease"),
                        Map.entry("GRACEKEEPER_CANARY_NAMESPACE", "canary"),
                        Map.entry("GRACEKEEPER_MAX_TERMINATION_GRACE_PERIOD_SECONDS", "7200"),
                        Map.entry("GRACEKEEPER_WORKLOAD_KINDS", "[" + ROLLOUT_JSON + "]"),
                        Map.entry("GRACEKEEPER_MAX_CONCURRENT_RETROFITS", "3"),
                        Map.entry("GRACEKEEPER_POLICY_REPORTS_OWNER", "reports"),
                        Map.entry("GRACEKEEPER_HTTPS_PORT", "0"),
                        Map.entry("GRACEKEEPER_MANAGEMENT_PORT", "9999"),
                        Map.entry("GRACEKEEPER_DRAIN_SECONDS", "0"),
                        Map.entry("GRACEKEEPER_SHUTDOWN_SECONDS", "600"),
                        Map.entry("GRACEKEEPER_LOG_LEVEL", "debug"),
                        Map.entry("GRACEKEEPER_LOG_FORMAT", "TEXT")),
                ProcessKind.OPERATOR);

        assertThat(configuration)
                .isEqualTo(new Configuration(
                        ProcessKind.OPERATOR,
                        "ns",
                        "pod",
                        "svc",
                        "tls",
                        "ca",
                        "hook",
                        "lease",
                        "canary",
                        new EngineSettings(
                                7200,
                                Set.of("kube-system", "kube-node-lease", "ns", "canary"),
                                configuration.limits().kinds()),
                        List.of(ROLLOUT),
                        3,
                        "reports",
                        0,
                        9999,
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        Configuration.LogLevel.DEBUG,
                        Configuration.LogFormat.TEXT));
    }

    @ParameterizedTest(name = "{0}={1}")
    @DisplayName("refuses a bad value, naming the key, the value and what is allowed")
    @CsvSource(
            delimiter = '|',
            value = {
                "NAMESPACE | Not_A_Name | the name of a Kubernetes object",
                "TLS_SECRET | '' | the name of a Kubernetes object",
                "MAX_TERMINATION_GRACE_PERIOD_SECONDS | 0 | a whole number from 1 to 86400",
                "MAX_TERMINATION_GRACE_PERIOD_SECONDS | 1h | a whole number from 1 to 86400",
                "MAX_CONCURRENT_RETROFITS | 1001 | a whole number from 1 to 1000",
                "HTTPS_PORT | 65536 | a whole number from 0 to 65535",
                "MANAGEMENT_PORT | -1 | a whole number from 0 to 65535",
                "DRAIN_SECONDS | 99999999999 | a whole number from 0 to 600",
                "SHUTDOWN_SECONDS | 0 | a whole number from 1 to 600",
                "LOG_LEVEL | verbose | one of error, warn, info, debug, trace",
                "LOG_FORMAT | xml | one of text, json",
            })
    void refusesBadValues(String key, String value, String allowed) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Configuration.from(Map.of("GRACEKEEPER_" + key, value), ProcessKind.WEBHOOK))
                .withMessageContaining("GRACEKEEPER_" + key + "=\"" + value + "\" is not " + allowed);
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @DisplayName("refuses a registered kind that nobody could find pods by, naming the field, the value and the fix")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"group\": \"argoproj.io\" | \"group\": \"apps\" | [0].group=\"apps\" is not an API group with a dot",
                "v1alpha1 | 1 | [0].version=\"1\" is not an API version, as in v1alpha1",
                "\"kind\": \"Rollout\", | '' | [0].kind is missing: write a kind, as in Rollout",
                "rollouts\", | rollouts/scale\", | [0].resource=\"rollouts/scale\" is not the kind's plural in URLs",
                "spec.template | /spec/template | [0].templatePath=\"/spec/template\" is not the fields that lead",
                "[\"system:serviceaccount:argo:rollouts\"] | [] | [0].controllers is missing: name the users",
                "[\"system:serviceaccount:argo:rollouts\"] | [7] | [0].controllers[0]=7 is not a user name",
                "templatePath | podTemplatePath | [0].podTemplatePath is not a field that I know",
                "}] | }, ROLLOUT] | [1] registers Rollout.argoproj.io a second time",
                "[{ | {[ | is not JSON: write a list",
            })
    void refusesBadKinds(String part, String replacement, String expected) {
        String json = ("[" + ROLLOUT_JSON + "]").replace(part, replacement).replace("ROLLOUT", ROLLOUT_JSON);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Configuration.from(Map.of("GRACEKEEPER_WORKLOAD_KINDS", json), ProcessKind.WEBHOOK))
                .withMessageContaining("GRACEKEEPER_WORKLOAD_KINDS" + expected.replaceFirst("^is", " is"));
    }

    @Test
    @DisplayName("refuses a variable that it doesn't know, and says everything at once")
    void refusesUnknownVariables() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Configuration.from(
                        Map.of(
                                "GRACEKEEPER_DRAIN_SECOND", "5",
                                "GRACEKEEPER_LOG_LEVEL", "loud",
                                "GRACEKEEPER_WEBHOOK_SERVICE_HOST", "10.0.0.1"),
                        ProcessKind.WEBHOOK))
                .satisfies(refusal -> assertThat(refusal.problems())
                        .hasSize(3)
                        .anyMatch(problem -> problem.startsWith("GRACEKEEPER_DRAIN_SECOND is not a variable")
                                && problem.contains("GRACEKEEPER_DRAIN_SECONDS"))
                        .anyMatch(problem -> problem.startsWith("GRACEKEEPER_LOG_LEVEL=\"loud\""))
                        .anyMatch(problem -> problem.contains("enableServiceLinks: false")));
    }
}
