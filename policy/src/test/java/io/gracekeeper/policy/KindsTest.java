package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    private static WorkloadKind kind(String name) {
        return WorkloadKinds.BUILT_IN.with(List.of(ROLLOUT)).named(name);
    }

    /** From a chain of makers, the nearest first, with a + at its end where more may be above. */
    private static Origin origin(String chain) {
        if (chain.equals("nobody")) {
            return Origin.NONE;
        }
        boolean complete = !chain.endsWith("+");
        List<Maker> makers = new ArrayList<>();
        for (String name : chain.replace("+", "").split("<")) {
            makers.add(new Maker(kind(name), name.toLowerCase(Locale.ROOT) + "-1"));
        }
        return new Origin(makers, complete);
    }

    @ParameterizedTest(name = "{0} of {1}, policy for {2}: judged {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Pod | nobody                 | [Pod]                         | true",
                "Pod | ReplicaSet<Deployment  | [Pod]                         | true",
                "Pod | ReplicaSet<Deployment  | [Deployment, Pod]             | false",
                "Pod | ReplicaSet<Deployment  | [Deployment, ReplicaSet, Pod] | false",
                // A Deployment's ReplicaSet is not judged, so it stands for nothing.
                "Pod | ReplicaSet<Deployment  | [ReplicaSet, Pod]             | true",
                "Pod | ReplicaSet<Rollout     | [Deployment, Pod]             | true",
                "Pod | ReplicaSet<Rollout     | [Rollout, Pod]                | false",
                "Pod | ReplicaSet             | [Pod]                         | true",
                "Pod | ReplicaSet             | [ReplicaSet, Pod]             | false",
                // What stands between two kinds that are named is judged itself.
                "Pod | ReplicaSet             | [Deployment, Pod]             | false",
                "Pod | Job                    | [CronJob, Pod]                | false",
                "Pod | Job                    | [Deployment, Pod]             | true",
                "Pod | Job<CronJob            | [Job, Pod]                    | false",
                "Pod | StatefulSet            | [Deployment, Pod]             | true",
                // A ReplicaSet that a moment ago nobody knew may well be a Deployment's, but no StatefulSet's.
                "Pod | ReplicaSet+            | [Deployment, Pod]             | false",
                "Pod | ReplicaSet+            | [Rollout, Pod]                | false",
                "Pod | ReplicaSet+            | [StatefulSet, Pod]            | true",
                "Pod | ReplicaSet+            | [Pod]                         | true",
                "Pod | Job+                   | [CronJob, Pod]                | false",
                "Pod | Job+                   | [Deployment, Pod]             | true",
                "ReplicaSet | nobody          | [Deployment, Pod]             | true",
                "ReplicaSet | nobody          | [Rollout, Pod]                | true",
                "ReplicaSet | nobody          | [Deployment]                  | false",
                "ReplicaSet | nobody          | [StatefulSet, Pod]            | false",
                "ReplicaSet | Deployment      | [Deployment, Pod]             | false",
                "ReplicaSet | Deployment      | [ReplicaSet]                  | false",
                "ReplicaSet | Rollout         | [Deployment, Pod]             | false",
                "Job | nobody                 | [CronJob, Pod]                | true",
                "Job | nobody                 | [Deployment, StatefulSet]     | false",
                "Job | CronJob                | [CronJob, Pod]                | false",
                "Job | CronJob                | [Job]                         | true",
            })
    @DisplayName("passes where a workload made it that the same policy judges, and only there")
    void children(String kind, String makers, String kinds, boolean judged) {
        PolicyEngine engine = engine(kinds, Map.of());
        String apiVersion = Map.of("Pod", "v1", "Job", "batch/v1").getOrDefault(kind, "apps/v1");
        JsonNode object = object(apiVersion, kind, SHORT);
        assertThat(engine.decide(request(engine, object, origin(makers))) instanceof Decision.Denied)
                .isEqualTo(judged);
        assertThat(engine.judge(object, origin(makers)).classification() != Classification.UNMATCHED)
                .isEqualTo(judged);
    }

    @Test
    @DisplayName("that stands between is injected into only where nothing controls it, known to us or not")
    void between() {
        PolicyEngine engine = engine("[Deployment, Pod]", Map.of());
        JsonNode set = object(
                "apps/v1", "ReplicaSet", "{containers: [{name: app, lifecycle: {preStop: {sleep: {seconds: 15}}}}]}");
        assertThat(engine.mutate(request(engine, set, Origin.NONE)).patch()).isNotEmpty();
        for (String owner :
                List.of("apps/v1, kind: Deployment", "argoproj.io/v1alpha1, kind: Rollout", "x.io/v1, kind: Y")) {
            JsonNode owned = set.deepCopy();
            ((ObjectNode) owned.path("metadata"))
                    .set("ownerReferences", Yaml.tree("[{apiVersion: " + owner + ", name: x, controller: true}]"));
            Request request = request(engine, owned, Origin.NONE);
            assertThat(engine.mutate(request)).as(owner).isEqualTo(Mutation.NONE);
            assertThat(engine.decide(request)).as(owner).isInstanceOf(Decision.Denied.class);
            assertThat(engine.judge(owned).injection()).as(owner).isEqualTo(Mutation.NONE);
        }
    }

    @Test
    @DisplayName("is made by whom the request's user says, whatever its ownerReferences claim (law 7)")
    void forgedOwner() {
        var deployment = new Maker(kind("Deployment"), "x");
        var replicaSet = new Maker(kind("ReplicaSet"), "x-1");
        var reader = new OriginReader(
                WorkloadKinds.BUILT_IN, (namespace, kind, name) -> new OriginReader.Owner.Made(deployment));
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
    @DisplayName("has no workload above it that Kubernetes would not put there: such an owner is forged")
    void impossibleOwner() {
        var reader = new OriginReader(
                WorkloadKinds.BUILT_IN,
                (namespace, kind, name) -> new OriginReader.Owner.Made(new Maker(kind("StatefulSet"), "db")));
        JsonNode pod = Yaml.tree("""
                metadata: {ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: x-1, controller: true}]}
                """);
        assertThat(reader.ofRequest(pod, "shop", "system:kube-controller-manager"))
                .isEqualTo(new Origin(List.of(new Maker(kind("ReplicaSet"), "x-1")), true));
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
