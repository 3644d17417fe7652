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
import io.gracekeeper.crds.Labels;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
    private static final String CLOSED = "fail-closed.validate.workloads.gracekeeper.io";
    private static final String MUTATE_PODS = "mutate.pods.gracekeeper.io";
    private static final String VALIDATE_PODS = "validate.pods.gracekeeper.io";
    private static final String POLICIES = "validate.policies.gracekeeper.io";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String ROLLOUTS = """
            workloadKinds:
            - {group: argoproj.io, version: v1alpha1, kind: Rollout, resource: rollouts, templatePath: spec.template,
               controllers: ["system:serviceaccount:argo:rollouts"]}
            - {group: x.io, version: v1, kind: Thing, resource: things, templatePath: spec.pod.shape, controllers: [x]}
            """;

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
        assertThat(webhooks(rendered)).hasSize(6).allSatisfy(webhook -> {
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
        for (String name : List.of(MUTATE, MUTATE_PODS, VALIDATE_PODS, POLICIES)) {
            assertThat(webhook(rendered, name).get("failurePolicy").asText())
                    .as(name)
                    .isEqualTo("Ignore");
        }
        assertThat(webhook(rendered, VALIDATE).get("failurePolicy").asText()).isEqualTo(policy);
        assertThat(webhook(rendered, CLOSED).get("failurePolicy").asText()).isEqualTo("Fail");
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
    @DisplayName(
            "ask about a namespace's workloads once, failing closed where it is labelled so; about pods' edits where it asks for them")
    void selectNamespaces() {
        Rendered rendered = Chart.render();
        assertThat(selector(rendered, VALIDATE)).contains(Labels.FAIL_CLOSED + " NotIn [\"enabled\"]");
        assertThat(selector(rendered, CLOSED)).contains(Labels.FAIL_CLOSED + " In [\"enabled\"]");
        assertThat(selector(rendered, MUTATE_PODS)).contains(Labels.POD_INJECTION + " In [\"enabled\"]");
        for (String name : List.of(MUTATE, VALIDATE_PODS, POLICIES)) {
            assertThat(selector(rendered, name)).as(name).hasSize(1);
        }
        for (String field : List.of("rules", "matchConditions")) {
            assertThat(webhook(rendered, CLOSED).get(field))
                    .as("which of the two is asked must make no difference but when we are away")
                    .isEqualTo(webhook(rendered, VALIDATE).get(field));
        }
    }

    private static List<String> selector(Rendered rendered, String name) {
        return Rendered.stream(webhook(rendered, name).at("/namespaceSelector/matchExpressions"))
                .map(expression -> expression.get("key").asText() + " "
                        + expression.get("operator").asText() + " " + expression.get("values"))
                .toList();
    }

    @Test
    @DisplayName("have rules for exactly what we judge, no subresource, no DELETE, and of pods only the CREATE")
    void haveRules() {
        assertThat(rules("{}", MUTATE))
                .containsExactlyInAnyOrder(
                        "apps/v1/deployments CREATE UPDATE",
                        "apps/v1/replicasets CREATE UPDATE",
                        "apps/v1/statefulsets CREATE UPDATE",
                        "/v1/replicationcontrollers CREATE UPDATE");
        assertThat(rules("{}", VALIDATE))
                .containsExactlyInAnyOrder(
                        "apps/v1/daemonsets CREATE UPDATE",
                        "apps/v1/deployments CREATE UPDATE",
                        "apps/v1/replicasets CREATE UPDATE",
                        "apps/v1/statefulsets CREATE UPDATE",
                        "batch/v1/cronjobs CREATE UPDATE",
                        "batch/v1/jobs CREATE UPDATE",
                        "/v1/replicationcontrollers CREATE UPDATE");
        assertThat(rules("{}", MUTATE_PODS)).containsExactly("/v1/pods CREATE");
        assertThat(rules("{}", VALIDATE_PODS)).containsExactlyInAnyOrder("/v1/pods CREATE", "batch/v1/jobs CREATE");
        assertThat(rules("{}", POLICIES))
                .containsExactlyInAnyOrder(
                        "gracekeeper.io/v1alpha1/gracefulshutdownpolicies CREATE UPDATE",
                        "gracekeeper.io/v1alpha1/shutdownexceptions CREATE UPDATE",
                        "gracekeeper.io/v1alpha1/clustergracefulshutdownpolicies CREATE UPDATE");
        for (String name : List.of(MUTATE, VALIDATE, CLOSED)) {
            assertThat(rules(ROLLOUTS, name))
                    .as("%s is asked about registered kinds", name)
                    .contains("argoproj.io/v1alpha1/rollouts CREATE UPDATE", "x.io/v1/things CREATE UPDATE");
        }
    }

    private static List<String> rules(String values, String name) {
        return Rendered.stream(webhook(Chart.render(values), name).get("rules"))
                .flatMap(rule -> Rendered.strings(rule.get("resources")).stream()
                        .map(resource -> rule.at("/apiGroups/0").asText() + "/"
                                + rule.at("/apiVersions/0").asText() + "/" + resource + " "
                                + String.join(" ", Rendered.strings(rule.get("operations")))))
                .toList();
    }

    @Test
    @DisplayName("cover every kind that the engine knows, where it is judged and where it may be edited")
    void coverEveryKind() {
        for (WorkloadKind kind : WorkloadKinds.BUILT_IN.all()) {
            String resource = kind.group() + "/v1/" + kind.kind().toLowerCase(Locale.ROOT) + "s CREATE";
            assertThat(rules("{}", kind.isPod() ? VALIDATE_PODS : VALIDATE))
                    .as(kind.kind())
                    .anyMatch(rule -> rule.startsWith(resource));
            assertThat(rules("{}", kind.isPod() ? MUTATE_PODS : MUTATE).stream()
                            .anyMatch(rule -> rule.startsWith(resource)))
                    .as(kind.kind())
                    .isEqualTo(kind.injectable());
        }
    }

    @ParameterizedTest(name = "{0} by {1}: workloads {2}, pods and children {3}, with webhook.pods=Bare {4}")
    @CsvSource({
        "replicasets, system:serviceaccount:kube-system:deployment-controller, false, false, false",
        "replicasets, system:kube-controller-manager, false, false, false",
        "replicasets, alice, true, false, false",
        "replicasets, system:serviceaccount:argo:rollouts, false, false, false",
        "jobs, system:serviceaccount:kube-system:cronjob-controller, false, true, true",
        "jobs, alice, true, false, false",
        "deployments, system:serviceaccount:argo:rollouts, true, false, false",
        "pods, alice, true, true, true",
        "pods, system:serviceaccount:kube-system:replicaset-controller, true, true, false",
        "pods, system:serviceaccount:kube-system:daemon-set-controller, true, true, false",
        "pods, system:serviceaccount:argo:rollouts, true, true, false",
    })
    @DisplayName("tell by the user who asks what a controller has made; that never fails closed")
    void tellChildren(String resource, String user, boolean workloads, boolean children, boolean bare)
            throws Exception {
        Map<String, Object> request = request("CREATE", resource);
        request.put("userInfo", Map.of("username", user));
        for (String name : List.of(MUTATE, VALIDATE, CLOSED)) {
            assertThat(matches(ROLLOUTS, name, request, Map.of(), null))
                    .as(name)
                    .isEqualTo(workloads);
        }
        boolean isRule = !resource.equals("replicasets") && !resource.equals("deployments");
        assertThat(isRule && matches(ROLLOUTS, VALIDATE_PODS, request, Map.of(), null))
                .isEqualTo(children);
        assertThat(isRule && matches(ROLLOUTS + "webhook: {pods: Bare}\n", VALIDATE_PODS, request, Map.of(), null))
                .isEqualTo(bare);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "cronjobs               | {spec: {schedule: a, jobTemplate: {spec: {template: {a: 1}}}}} | {spec: {schedule: b, jobTemplate: {spec: {template: {a: 1}}}}} | false",
                "cronjobs               | {spec: {jobTemplate: {spec: {template: {a: 1}}}}}              | {spec: {jobTemplate: {spec: {template: {a: 2}}}}}              | true",
                "replicationcontrollers | {spec: {replicas: 1}}                                          | {spec: {replicas: 2}}                                          | false",
                "rollouts               | {spec: {workloadRef: {name: a}}}                               | {spec: {workloadRef: {name: b}}}                               | false",
                "rollouts               | {spec: {template: {a: 1}}}                                     | {spec: {template: {a: 2}}}                                     | true",
                "things                 | {spec: {template: {a: 1}}}                                     | {spec: {template: {a: 2}}}                                     | false",
                "things                 | {spec: {pod: {shape: {a: 1}}}}                                 | {spec: {pod: {shape: {a: 2}}}}                                 | true",
                "things                 | {spec: {pod: {shape: {a: 1}}}}                                 | {spec: {other: 1}}                                             | true",
            })
    @DisplayName("compare the template where that kind has it")
    void compareTemplates(String resource, String object, String old, boolean asked) throws Exception {
        Map<String, Object> request = request("UPDATE", resource);
        for (String name : List.of(MUTATE, VALIDATE, CLOSED)) {
            assertThat(matches(ROLLOUTS, name, request, withMetadata(object), withMetadata(old)))
                    .as(name)
                    .isEqualTo(asked);
        }
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
        for (String name : List.of(MUTATE, MUTATE_PODS, VALIDATE, CLOSED, POLICIES)) {
            assertThat(matches(name, "CREATE", Map.of("metadata", Map.of()), null))
                    .isTrue();
        }
        Map<String, Object> before = Map.of("metadata", Map.of(), "spec", Map.of());
        Map<String, Object> labelled = Map.of("metadata", Map.of("labels", Map.of("a", "b")), "spec", Map.of());
        Map<String, Object> changed = Map.of("metadata", Map.of(), "spec", Map.of("audit", Map.of()));
        assertThat(matches(POLICIES, "UPDATE", labelled, before)).isFalse();
        assertThat(matches(POLICIES, "UPDATE", changed, before)).isTrue();
    }

    private static Map<String, Object> request(String operation, String resource) {
        String group = resource.endsWith("jobs") ? "batch" : resource.equals("things") ? "x.io" : "apps";
        Map<String, Object> request = new HashMap<>();
        request.put("operation", operation);
        request.put("resource", Map.of("group", group, "version", "v1", "resource", resource));
        request.put("userInfo", Map.of("username", "alice"));
        return request;
    }

    private static Map<?, ?> withMetadata(String yaml) throws Exception {
        return JSON.convertValue(new YAMLMapper().readTree("{metadata: {}, " + yaml.substring(1)), Map.class);
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
        return matches("{}", name, request(operation, "deployments"), object, old);
    }

    private static boolean matches(
            String values, String name, Map<String, Object> request, Map<?, ?> object, @Nullable Map<?, ?> old)
            throws Exception {
        boolean all = true;
        Map<String, Object> variables = new HashMap<>();
        variables.put("request", request);
        variables.put("object", object);
        variables.put("oldObject", old == null ? NullValue.NULL_VALUE : old);
        for (JsonNode condition : webhook(Chart.render(values), name).withArray("matchConditions")) {
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
