package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A workload of another kind")
class KindsTest {
    private static final String SHORT = "{terminationGracePeriodSeconds: 5, containers: [{name: app}]}";
    private static final String STRICT =
            "requirements: {shutdownSeconds: 20}, validation: {actions: [Deny]}, injection: {mode: Apply}";
    private static final WorkloadKind ROLLOUT = new WorkloadKind(
            "argoproj.io",
            "Rollout",
            List.of("spec", "template"),
            true,
            Set.of("system:serviceaccount:argo-rollouts:argo-rollouts"));

    private static JsonNode object(String apiVersion, String kind, String podSpec) {
        String template = "{metadata: {labels: {app: x}}, spec: " + podSpec + "}";
        String head = "{apiVersion: " + apiVersion + ", kind: " + kind
                + ", metadata: {name: x, namespace: shop, labels: {app: x}}, spec: ";
        return Yaml.tree(
                switch (kind) {
                    case "Pod" -> head + podSpec + "}";
                    case "CronJob" -> head + "{jobTemplate: {spec: {template: " + template + "}}}}";
                    default -> head + "{template: " + template + "}}";
                });
    }

    private static PolicyEngine engine(String kinds, Map<String, String> namespaceLabels) {
        CompiledPolicy policy = CompiledPolicy.of(
                new PolicyReference("shop", "a"),
                Yaml.read(
                        "{match: {kinds: " + kinds + "}, " + STRICT + "}",
                        io.gracekeeper.crds.GracefulShutdownPolicySpec.class),
                WorkloadKinds.BUILT_IN.with(List.of(ROLLOUT)));
        return new PolicyEngine(
                namespace -> new NamespacePolicies(List.of(policy), List.of(), namespaceLabels),
                WorkloadKinds.BUILT_IN.with(List.of(ROLLOUT)),
                InstantSource.fixed(Yaml.NOW));
    }

    private static Request request(PolicyEngine engine, JsonNode object, Origin origin) {
        Request creation = engine.creation(object, "shop");
        assertThat(creation).isNotNull();
        return new Request(object, null, creation.kind(), "shop", origin, Revisions.NONE);
    }

    @ParameterizedTest(name = "{1} at {2}")
    @CsvSource({
        "apps/v1, Deployment, spec.template.spec.",
        "apps/v1, StatefulSet, spec.template.spec.",
        "apps/v1, DaemonSet, spec.template.spec.",
        "apps/v1, ReplicaSet, spec.template.spec.",
        "v1, ReplicationController, spec.template.spec.",
        "batch/v1, Job, spec.template.spec.",
        "batch/v1, CronJob, spec.jobTemplate.spec.template.spec.",
        "v1, Pod, spec.",
        "argoproj.io/v1alpha1, Rollout, spec.template.spec."
    })
    @DisplayName("is judged where it keeps its template, and the field is named by its whole path")
    void paths(String apiVersion, String kind, String field) {
        PolicyEngine engine = engine("[" + kind + "]", Map.of());
        Decision decision = engine.decide(request(engine, object(apiVersion, kind, SHORT), Origin.NONE));
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.causes().getFirst().field())
                                .isEqualTo(field + "terminationGracePeriodSeconds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"apps/v1 DaemonSet", "batch/v1 Job", "batch/v1 CronJob"})
    @DisplayName("that belongs to a node or runs to its end is judged, and never edited (law 19)")
    void neverEdited(String named) {
        String[] words = named.split(" ");
        PolicyEngine engine = engine("[DaemonSet, Job, CronJob]", Map.of("gracekeeper.io/pod-injection", "enabled"));
        JsonNode unset = object(words[0], words[1], "{containers: [{name: app, ports: [{containerPort: 80}]}]}");
        Judgement judgement = engine.judge(object(words[0], words[1], SHORT));
        assertThat(judgement.classification()).isEqualTo(Classification.VIOLATING);
        assertThat(engine.mutate(request(engine, unset, Origin.NONE)).isEmpty()).isTrue();
        assertThat(judgement.injection().isEmpty()).isTrue();
    }

    @Test
    @DisplayName("is matched by its labels in the template, or the pod's own")
    void defaultKinds() {
        PolicyEngine engine = Yaml.engine("{" + STRICT + "}");
        assertThat(engine.judge(object("apps/v1", "StatefulSet", SHORT)).classification())
                .isEqualTo(Classification.VIOLATING);
        for (String other : List.of("DaemonSet", "ReplicaSet")) {
            assertThat(engine.judge(object("apps/v1", other, SHORT)).classification())
                    .isEqualTo(Classification.UNMATCHED);
        }
    }

    @Test
    @DisplayName("that is a StatefulSet gets its injection as a Deployment does")
    void statefulSet() {
        PolicyEngine engine = engine("[StatefulSet]", Map.of());
        JsonNode unset = object("apps/v1", "StatefulSet", "{containers: [{name: app}]}");
        // 30 s are enough for 20 + 5; a hook of the author's makes more necessary.
        ((ObjectNode) unset.at("/spec/template/spec/containers/0"))
                .set("lifecycle", Yaml.tree("{preStop: {sleep: {seconds: 15}}}"));
        Mutation mutation = engine.mutate(request(engine, unset, Origin.NONE));
        assertThat(JsonPatches.apply(unset, mutation.patch())
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(40);
    }

    @Test
    @DisplayName("that is a pod is edited only where its namespace asks for it, at its own root")
    void podInjection() {
        JsonNode pod = object("v1", "Pod", "{containers: [{name: app, lifecycle: {preStop: {sleep: {seconds: 15}}}}]}");
        PolicyEngine closed = engine("[Pod]", Map.of());
        assertThat(closed.mutate(request(closed, pod, Origin.NONE)).isEmpty()).isTrue();
        PolicyEngine open = engine("[Pod]", Map.of("gracekeeper.io/pod-injection", "enabled"));
        JsonNode after = JsonPatches.apply(
                pod, open.mutate(request(open, pod, Origin.NONE)).patch());
        assertThat(after.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(40);
        assertThat(after.at("/metadata/annotations").has("gracekeeper.io/injected"))
                .isTrue();
        assertThat(open.decide(request(open, after, Origin.NONE))).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    @DisplayName("that is a mirror pod is left alone")
    void mirrorPod() {
        PolicyEngine engine = engine("[Pod]", Map.of("gracekeeper.io/pod-injection", "enabled"));
        JsonNode pod = object("v1", "Pod", SHORT);
        ((ObjectNode) pod.path("metadata")).putObject("annotations").put("kubernetes.io/config.mirror", "1");
        assertThat(engine.decide(request(engine, pod, Origin.NONE))).isEqualTo(Decision.Allowed.QUIET);
    }

    @Test
    @DisplayName("passes where a workload made it that the same policy judges, and only there")
    void children() {
        WorkloadKind deployment = WorkloadKinds.BUILT_IN.named("Deployment");
        WorkloadKind replicaSet = WorkloadKinds.BUILT_IN.named("ReplicaSet");
        var ofDeployment = new Origin(List.of(replicaSet, deployment), true);
        JsonNode pod = object("v1", "Pod", SHORT);
        PolicyEngine both = engine("[Deployment, Pod]", Map.of());
        assertThat(both.decide(request(both, pod, ofDeployment))).isInstanceOf(Decision.Allowed.class);
        assertThat(both.decide(request(both, pod, Origin.NONE))).isInstanceOf(Decision.Denied.class);
        // A ReplicaSet that a moment ago nobody knew may well be a Deployment's.
        assertThat(both.decide(request(both, pod, new Origin(List.of(replicaSet), false))))
                .isInstanceOf(Decision.Allowed.class);
        PolicyEngine podsOnly = engine("[Pod]", Map.of());
        assertThat(podsOnly.decide(request(podsOnly, pod, ofDeployment))).isInstanceOf(Decision.Denied.class);
        PolicyEngine sets = engine("[ReplicaSet]", Map.of());
        JsonNode set = object("apps/v1", "ReplicaSet", SHORT);
        assertThat(sets.decide(request(sets, set, new Origin(List.of(deployment), true))))
                .isInstanceOf(Decision.Allowed.class);
        assertThat(sets.mutate(request(sets, set, new Origin(List.of(deployment), true)))
                        .isEmpty())
                .isTrue();
        assertThat(sets.decide(request(sets, set, Origin.NONE))).isInstanceOf(Decision.Denied.class);
    }

    @Test
    @DisplayName("is made by whom the request's user says, whatever its ownerReferences claim (law 7)")
    void forgedOwner() {
        WorkloadKind replicaSet = WorkloadKinds.BUILT_IN.named("ReplicaSet");
        WorkloadKind deployment = WorkloadKinds.BUILT_IN.named("Deployment");
        var reader = new OriginReader(
                WorkloadKinds.BUILT_IN, (namespace, kind, name) -> new OriginReader.Owner.Kind(deployment));
        JsonNode pod = Yaml.tree("""
                metadata: {ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: x-1, controller: true}]}
                """);
        assertThat(reader.ofRequest(pod, "shop", "alice")).isEqualTo(Origin.NONE);
        assertThat(reader.ofRequest(pod, "shop", "system:serviceaccount:kube-system:job-controller"))
                .isEqualTo(Origin.NONE);
        var made = new Origin(List.of(replicaSet, deployment), true);
        assertThat(reader.ofRequest(pod, "shop", "system:serviceaccount:kube-system:replicaset-controller"))
                .isEqualTo(made);
        assertThat(reader.ofRequest(pod, "shop", "system:kube-controller-manager"))
                .isEqualTo(made);
        assertThat(reader.ofStored(pod, "shop")).isEqualTo(made);
        assertThat(reader.ofStored(Yaml.tree("{metadata: {ownerReferences: [{kind: X, controller: true}]}}"), "shop"))
                .isEqualTo(Origin.NONE);
    }

    @Test
    @DisplayName("of another group is named by its kind, or by kind and group where two have that name")
    void names() {
        WorkloadKind other = new WorkloadKind("example.com", "Rollout", List.of("spec", "pods"), false, Set.of());
        WorkloadKinds one = WorkloadKinds.BUILT_IN.with(List.of(ROLLOUT));
        assertThat(one.named("Rollout")).isEqualTo(ROLLOUT);
        WorkloadKinds two = one.with(List.of(other));
        assertThat(two.named("Rollout")).isNull();
        assertThat(two.named("Rollout.example.com")).isEqualTo(other);
        assertThat(two.of("argoproj.io/v1alpha1", "Rollout")).isEqualTo(ROLLOUT);
        assertThat(two.names()).contains("Deployment", "Rollout.argoproj.io");
        assertThat(two.of("v1", "Deployment")).isNull();
    }
}
