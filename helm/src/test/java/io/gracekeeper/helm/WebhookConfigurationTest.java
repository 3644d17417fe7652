package io.gracekeeper.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The webhook configurations")
class WebhookConfigurationTest {
    private static final String MUTATE = "mutate.workloads.gracekeeper.io";
    private static final String VALIDATE = "validate.workloads.gracekeeper.io";
    private static final String POLICIES = "validate.policies.gracekeeper.io";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .addLibraries(CelOptionalLibrary.INSTANCE)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("request", SimpleType.DYN)
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .addLibraries(CelOptionalLibrary.INSTANCE)
            .build();

    @Test
    @DisplayName("call the Service of the webhook at the port that its container listens on")
    void callTheService() {
        Rendered rendered = Chart.render();
        JsonNode service = rendered.get("Service", "gracekeeper-webhook");
        assertThat(webhooks(rendered)).hasSize(3).allSatisfy(webhook -> {
            JsonNode called = webhook.at("/clientConfig/service");
            assertThat(called.get("name").asText())
                    .isEqualTo(service.at("/metadata/name").asText());
            assertThat(called.get("namespace").asText()).isEqualTo(Chart.NAMESPACE);
            assertThat(called.get("port")).isEqualTo(service.at("/spec/ports/0/port"));
        });
        JsonNode deployment = rendered.deployment("webhook");
        assertThat(service.at("/spec/selector")).isEqualTo(deployment.at("/spec/selector/matchLabels"));
        assertThat(Rendered.container(deployment).at("/ports/0/name"))
                .isEqualTo(service.at("/spec/ports/0/targetPort"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ignore", "Fail"})
    @DisplayName("fail open, but for the refusal of workloads where the values say so")
    void failOpen(String policy) {
        Rendered rendered = Chart.render("webhook: {failurePolicy: " + policy + ", timeoutSeconds: 7}");
        assertThat(webhook(rendered, MUTATE).get("failurePolicy").asText()).isEqualTo("Ignore");
        assertThat(webhook(rendered, VALIDATE).get("failurePolicy").asText()).isEqualTo(policy);
        assertThat(webhook(rendered, POLICIES).get("failurePolicy").asText()).isEqualTo("Ignore");
        assertThat(webhooks(rendered)).allSatisfy(webhook -> {
            assertThat(webhook.get("timeoutSeconds").asInt()).isEqualTo(7);
            assertThat(webhook.get("sideEffects").asText()).isEqualTo("None");
            assertThat(webhook.get("matchPolicy").asText()).isEqualTo("Equivalent");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "kube-system, false",
        "kube-node-lease, false",
        "gracekeeper-system, false",
        "sandbox, false",
        "gracekeeper-system-canary, true",
        "default, true",
        "shop, true"
    })
    @DisplayName(
            "are asked about every namespace but the system's, our own and the excluded ones; the canary's is among them")
    void areAskedAbout(String namespace, boolean asked) {
        Rendered rendered = Chart.render("webhook: {excludedNamespaces: [sandbox, kube-system]}");
        assertThat(webhooks(rendered)).allSatisfy(webhook -> {
            JsonNode expression = webhook.at("/namespaceSelector/matchExpressions/0");
            assertThat(expression.get("key").asText()).isEqualTo("kubernetes.io/metadata.name");
            assertThat(expression.get("operator").asText()).isEqualTo("NotIn");
            List<String> excluded = Rendered.strings(expression.get("values"));
            assertThat(excluded).doesNotHaveDuplicates();
            assertThat(!excluded.contains(namespace)).isEqualTo(asked);
        });
    }

    @ParameterizedTest
    @CsvSource({"kube-system", "gracekeeper-system", "sandbox"})
    @DisplayName("can't be told to leave out the canary's namespace")
    void refuseABlindCanary(String namespace) {
        String values = "canary: {namespace: " + namespace + "}\nwebhook: {excludedNamespaces: [sandbox]}";
        assertThatThrownBy(() -> Chart.render(values))
                .hasMessageContaining("canary.namespace \"" + namespace + "\"")
                .hasMessageContaining("webhook.excludedNamespaces");
    }

    @Test
    @DisplayName("have rules for exactly what we judge: Deployments and policies, no subresource, no DELETE")
    void haveRules() {
        Rendered rendered = Chart.render();
        for (String name : List.of(MUTATE, VALIDATE)) {
            assertThat(webhook(rendered, name).get("rules").toString())
                    .isEqualTo("[{\"apiGroups\":[\"apps\"],\"apiVersions\":[\"v1\"],\"resources\":[\"deployments\"],"
                            + "\"operations\":[\"CREATE\",\"UPDATE\"],\"scope\":\"Namespaced\"}]");
        }
        assertThat(webhook(rendered, POLICIES).get("rules").toString())
                .isEqualTo("[{\"apiGroups\":[\"gracekeeper.io\"],\"apiVersions\":[\"v1alpha1\"],"
                        + "\"resources\":[\"gracefulshutdownpolicies\"],"
                        + "\"operations\":[\"CREATE\",\"UPDATE\"],\"scope\":\"Namespaced\"}]");
    }

    @ParameterizedTest(name = "{0}: mutate {1}, validate {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "an unchanged update     | false | false | {metadata: {}, T}                             | {metadata: {}, T}",
                "replicas                | false | false | {metadata: {}, R}                             | {metadata: {}, T}",
                "a label                 | false | false | {metadata: {labels: {a: b}}, T}               | {metadata: {}, T}",
                "another annotation      | false | false | {metadata: {annotations: {a: b}}, T}          | {metadata: {annotations: {}}, T}",
                "the touch, first        | true  | false | {metadata: {annotations: {TOUCH: x}}, T}      | {metadata: {}, T}",
                "the touch, changed      | true  | false | {metadata: {annotations: {TOUCH: y}}, T}      | {metadata: {annotations: {TOUCH: x}}, T}",
                "the touch, taken away   | true  | false | {metadata: {annotations: {a: b}}, T}          | {metadata: {annotations: {TOUCH: x}}, T}",
                "the touch, unchanged    | false | false | {metadata: {annotations: {TOUCH: x}}, R}      | {metadata: {annotations: {TOUCH: x}}, T}",
                "the template            | true  | true  | {metadata: {}, C}                             | {metadata: {}, T}",
            })
    @DisplayName("let the API server itself keep away updates that change no template")
    void matchConditions(String what, boolean mutated, boolean validated, String object, String old) throws Exception {
        assertThat(matches(MUTATE, "UPDATE", deployment(object), deployment(old)))
                .as(what)
                .isEqualTo(mutated);
        assertThat(matches(VALIDATE, "UPDATE", deployment(object), deployment(old)))
                .as(what)
                .isEqualTo(validated);
    }

    @Test
    @DisplayName("match every CREATE, and a policy's update only where its spec changes")
    void matchCreatesAndSpecs() throws Exception {
        for (String name : List.of(MUTATE, VALIDATE, POLICIES)) {
            assertThat(matches(name, "CREATE", Map.of("metadata", Map.of()), null))
                    .isTrue();
        }
        Map<String, Object> before = Map.of("metadata", Map.of(), "spec", Map.of());
        Map<String, Object> labelled = Map.of("metadata", Map.of("labels", Map.of("a", "b")), "spec", Map.of());
        Map<String, Object> changed = Map.of("metadata", Map.of(), "spec", Map.of("audit", Map.of()));
        assertThat(matches(POLICIES, "UPDATE", labelled, before)).isFalse();
        assertThat(matches(POLICIES, "UPDATE", changed, before)).isTrue();
    }

    private static Map<?, ?> deployment(String shorthand) throws Exception {
        String yaml = shorthand
                .replace("TOUCH", "gracekeeper.io/inject")
                .replace(", T}", ", spec: {replicas: 1, template: {spec: {containers: [{name: a, image: i:1}]}}}}")
                .replace(", R}", ", spec: {replicas: 5, template: {spec: {containers: [{name: a, image: i:1}]}}}}")
                .replace(", C}", ", spec: {replicas: 1, template: {spec: {containers: [{name: a, image: i:2}]}}}}");
        return JSON.convertValue(new YAMLMapper().readTree(yaml), Map.class);
    }

    private static boolean matches(String name, String operation, Map<?, ?> object, @Nullable Map<?, ?> old)
            throws Exception {
        boolean all = true;
        Map<String, Object> variables = new HashMap<>();
        variables.put("request", Map.of("operation", operation));
        variables.put("object", object);
        variables.put("oldObject", old == null ? NullValue.NULL_VALUE : old);
        for (JsonNode condition : webhook(Chart.render(), name).get("matchConditions")) {
            var ast = COMPILER.compile(condition.get("expression").asText()).getAst();
            all &= (boolean) RUNTIME.createProgram(ast).eval(variables);
        }
        return all;
    }

    private static Stream<JsonNode> webhooks(Rendered rendered) {
        return Stream.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
                .flatMap(kind ->
                        Rendered.stream(rendered.get(kind, Chart.RELEASE).get("webhooks")));
    }

    private static JsonNode webhook(Rendered rendered, String name) {
        return webhooks(rendered)
                .filter(webhook -> webhook.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no webhook " + name));
    }
}
