package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.ShutdownException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Policies of namespaces and clusters, exceptions, and workloads of every kind, as people and machines might write them. */
final class GeneratedWorlds {
    private static final String ALL_KINDS =
            "[Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Pod]";

    private GeneratedWorlds() {}

    /**
     * What holds in the namespace shop.
     *
     * @param inputs some of the policies may contradict each other; none is invalid
     */
    record World(PolicyInputs inputs) {
        PolicyEngine engine() {
            return engine(inputs);
        }

        /** One that lets nobody off. */
        PolicyEngine withoutExceptions() {
            return engine(
                    new PolicyInputs(inputs.policies(), inputs.clusterPolicies(), List.of(), inputs.namespaces()));
        }

        /** An engine that was given the same in another order. */
        PolicyEngine shuffled(long seed) {
            return engine(new PolicyInputs(
                    shuffle(inputs.policies(), seed),
                    shuffle(inputs.clusterPolicies(), seed),
                    shuffle(inputs.exceptions(), seed),
                    inputs.namespaces()));
        }

        /** With one more policy of the namespace, that may contradict the others, and decides about injection. */
        World and(String spec) {
            List<GracefulShutdownPolicy> all = new ArrayList<>(inputs.policies());
            all.add(Yaml.read(object("GracefulShutdownPolicy", "p9", spec), GracefulShutdownPolicy.class));
            return new World(new PolicyInputs(all, inputs.clusterPolicies(), inputs.exceptions(), inputs.namespaces()));
        }

        private static PolicyEngine engine(PolicyInputs inputs) {
            return Yaml.engine(PolicySnapshot.of(inputs, EngineSettings.DEFAULT));
        }

        private static <T> List<T> shuffle(java.util.Collection<T> items, long seed) {
            List<T> shuffled = new ArrayList<>(items);
            Collections.shuffle(shuffled, new Random(seed));
            return shuffled;
        }
    }

    static Arbitrary<World> worlds() {
        Arbitrary<List<String>> namespaced = specs("").list().ofMinSize(1).ofMaxSize(2);
        Arbitrary<List<String>> cluster =
                specs("namespaceSelector: {matchLabels: {env: prod}}, ").list().ofMaxSize(1);
        return Combinators.combine(namespaced, cluster, exceptions().list().ofMaxSize(2), Arbitraries.of(true, false))
                .as((own, above, excused, podInjection) -> {
                    List<GracefulShutdownPolicy> policies = new ArrayList<>();
                    own.forEach(spec -> policies.add(Yaml.read(
                            object("GracefulShutdownPolicy", "p" + policies.size(), spec),
                            GracefulShutdownPolicy.class)));
                    List<ClusterGracefulShutdownPolicy> clusterPolicies = new ArrayList<>();
                    above.forEach(spec -> clusterPolicies.add(Yaml.read(
                            object("ClusterGracefulShutdownPolicy", "c" + clusterPolicies.size(), spec),
                            ClusterGracefulShutdownPolicy.class)));
                    List<ShutdownException> exceptions = new ArrayList<>();
                    excused.forEach(spec -> exceptions.add(Yaml.read(
                            object("ShutdownException", "e" + exceptions.size(), spec), ShutdownException.class)));
                    Map<String, String> labels = podInjection
                            ? Map.of("env", "prod", "gracekeeper.io/pod-injection", "enabled")
                            : Map.of("env", "prod");
                    return new World(new PolicyInputs(policies, clusterPolicies, exceptions, Map.of("shop", labels)));
                });
    }

    /** A policy that comes later, for whatever the others judge, too. */
    static Arbitrary<String> tightenings() {
        return Combinators.combine(
                        field("drainDelaySeconds", 20, 60),
                        field("shutdownSeconds", 28, 100, 300),
                        field("maxTerminationGracePeriodSeconds", 40, 60, 600),
                        Arbitraries.of("Apply", "Apply", "DryRun"))
                .as((a, b, c, mode) -> "match: {kinds: " + ALL_KINDS + "}, requirements: {" + a + b + c
                        + "}, validation: {actions: [Deny]}, injection: {mode: " + mode + "}, priority: 9");
    }

    private static String object(String kind, String name, String spec) {
        return "{apiVersion: gracekeeper.io/v1alpha1, kind: " + kind + ", metadata: {name: " + name
                + ", namespace: shop}, spec: {" + spec + "}}";
    }

    private static Arbitrary<String> specs(String first) {
        Arbitrary<String> requirements = Combinators.combine(
                        field("drainDelaySeconds", 0, 1, 5, 10, 30),
                        field("shutdownSeconds", 0, 10, 25, 25, 300),
                        field("marginSeconds", 0, 5, 15),
                        field("maxTerminationGracePeriodSeconds", 40, 600, 600, 600),
                        field("readinessProbe", "Required", "IfServing", "Ignore"))
                .as((a, b, c, d, e) -> a + b + c + d + e);
        Arbitrary<String> match = Combinators.combine(
                        Arbitraries.of(ALL_KINDS, ALL_KINDS, "[Deployment]", "[Deployment, Pod]"),
                        field("exemptContainers", "[c0]", "['*1', i0]"),
                        Arbitraries.of("b", "b", "b", "b", "b", "c"))
                .as((kinds, exempt, value) ->
                        "kinds: " + kinds + ", " + exempt + "selector: {matchLabels: {a: " + value + "}}");
        Arbitrary<String> validation = Combinators.combine(
                        field("actions", "[Deny]", "[Deny]", "[Warn]", "[Audit]"),
                        field("existingViolations", "Allow", "Deny"),
                        field(
                                "rules",
                                "[{rule: HookWorks, actions: [Deny]}]",
                                "[{rule: BudgetFits, actions: [Audit]}]"))
                .as((a, b, c) -> a + b + c);
        Arbitrary<String> injection = Arbitraries.of(
                "injection: {mode: Apply}, ",
                "injection: {mode: Apply}, ",
                "injection: {mode: Apply}, ",
                "injection: {mode: DryRun}, ",
                "");
        return Combinators.combine(
                        requirements,
                        match,
                        validation,
                        injection,
                        field("profile", "Web", "Worker", "LongLived"),
                        field("priority", -1, 3))
                .as((r, m, v, i, p, o) ->
                        first + "requirements: {" + r + "}, match: {" + m + "}, validation: {" + v + "}, " + i + p + o);
    }

    private static Arbitrary<String> field(String name, Object... values) {
        return Arbitraries.of(values)
                .map(value -> name + ": " + value + ", ")
                .injectNull(0.4)
                .map(text -> text == null ? "" : text);
    }

    private static Arbitrary<String> exceptions() {
        return Combinators.combine(
                        Arbitraries.of(
                                "[BudgetFits]",
                                "[DrainDelay, HookWorks]",
                                "[GraceCeiling, GracePositive]",
                                "[StopSignal]"),
                        field("containers", "[c0]", "[c1, i0]"),
                        field("skipInjection", true),
                        Arbitraries.of("2026-11-30T00:00:00Z", "2027-03-01T00:00:00Z", "2026-11-01T00:00:00Z"),
                        Arbitraries.of("Deployment", "StatefulSet"))
                .as((rules, containers, skip, until, kind) -> "target: {kind: " + kind + ", names: [d]}, rules: "
                        + rules + ", " + containers + skip + "reason: OPS-9, expiresAt: '" + until + "'");
    }

    /** A workload of any kind. */
    static Arbitrary<JsonNode> objects() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.of(WorkloadKinds.BUILT_IN.all()), Arbitraries.just(Yaml.DEPLOYMENT)),
                        podSpecs(),
                        annotations())
                .as(GeneratedWorlds::object);
    }

    /** Versions of one workload, in the order in which they are applied. */
    static Arbitrary<List<JsonNode>> histories() {
        Arbitrary<WorkloadKind> kinds = Arbitraries.of("Deployment", "StatefulSet", "DaemonSet", "CronJob")
                .map(name -> Objects.requireNonNull(WorkloadKinds.BUILT_IN.named(name)));
        return kinds.flatMap(kind -> Combinators.combine(podSpecs(), annotations())
                .as((spec, annotations) -> object(kind, spec, annotations))
                .list()
                .ofMinSize(2)
                .ofMaxSize(5));
    }

    static JsonNode object(WorkloadKind kind, JsonNode podSpec, JsonNode annotations) {
        ObjectNode object = (ObjectNode) Yaml.tree("{metadata: {name: d, namespace: shop}, x-unknown: [1, {y: 2}]}");
        object.put("apiVersion", kind.group().isEmpty() ? "v1" : kind.group() + "/v1");
        object.put("kind", kind.kind());
        ObjectNode template = object;
        for (String name : kind.templatePath()) {
            template = template.withObjectProperty(name);
        }
        ObjectNode metadata = template.withObjectProperty("metadata");
        metadata.withObjectProperty("labels").put("a", "b");
        if (!annotations.isEmpty()) {
            metadata.set("annotations", annotations.deepCopy());
        }
        template.set("spec", podSpec.deepCopy());
        return object;
    }

    private static Arbitrary<JsonNode> annotations() {
        return Arbitraries.of(
                        "{}",
                        "{}",
                        "{}",
                        "{gracekeeper.io/shutdown-seconds: '40'}",
                        "{gracekeeper.io/shutdown-seconds: soon, other: x}",
                        "{gracekeeper.io/drain-seconds: 'c0=12,i0=3'}",
                        "{gracekeeper.io/drain-seconds: 'c1=700'}")
                .map(Yaml::tree);
    }

    private static Arbitrary<JsonNode> podSpecs() {
        Arbitrary<Integer> grace = Arbitraries.of(-1, 0, 5, 30, 30, 35, 60, 600).injectNull(0.5);
        Arbitrary<String> others = Arbitraries.of(
                "{}",
                "{}",
                "{os: {name: linux}}",
                "{shareProcessNamespace: true}",
                "{hostNetwork: true, unknownField: 7}");
        return Combinators.combine(grace, containers(), containers(), others).as((seconds, main, init, other) -> {
            ObjectNode spec = (ObjectNode) Yaml.tree(other);
            if (seconds != null) {
                spec.put("terminationGracePeriodSeconds", seconds);
            }
            spec.set("containers", named(main, "c", false));
            spec.set("initContainers", named(init, "i", true));
            return (JsonNode) spec;
        });
    }

    /** Containers with names; every other one a native sidecar where they are to be init containers. */
    static ArrayNode named(List<JsonNode> containers, String prefix, boolean sidecars) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < containers.size(); i++) {
            ObjectNode container = containers.get(i).deepCopy();
            container.put("name", prefix + i);
            if (sidecars && i % 2 == 0) {
                container.put("restartPolicy", "Always");
            }
            list.add(container);
        }
        return list;
    }

    private static Arbitrary<List<JsonNode>> containers() {
        Arbitrary<String> lifecycles = Arbitraries.of(
                "{}",
                "{}",
                "{}",
                "{}",
                "{lifecycle: null}",
                "{lifecycle: {}}",
                "{lifecycle: {postStart: {exec: {command: [a]}}, stopSignal: SIGKILL}}",
                "{lifecycle: {preStop: {sleep: {seconds: 10}}}}",
                "{lifecycle: {preStop: {sleep: {seconds: 0}}}}",
                "{lifecycle: {preStop: {exec: {command: [sleep, '25']}}, postStart: {sleep: {seconds: 1}}}}",
                "{lifecycle: {preStop: {exec: {command: [sh, -c, 'sleep 5; kill 1; sleep 9']}}}}",
                "{lifecycle: {preStop: {exec: {command: [/x]}}}}",
                "{lifecycle: {preStop: {httpGet: {path: /, port: 1}}}}",
                "{lifecycle: {preStop: {tcpSocket: {port: 1}}}}");
        Arbitrary<String> ports = Arbitraries.of(
                "[]", "[{containerPort: 80}]", "[{containerPort: 81}]", "[{name: metrics, containerPort: 9}]");
        return Combinators.combine(lifecycles, ports, Arbitraries.of(true, false))
                .as((lifecycle, port, probe) -> {
                    ObjectNode container = (ObjectNode) Yaml.tree(lifecycle);
                    container.set("ports", Yaml.tree(port));
                    if (probe) {
                        container
                                .putObject("readinessProbe")
                                .putObject("tcpSocket")
                                .put("port", 1);
                    }
                    return (JsonNode) container;
                })
                .list()
                .ofMaxSize(3);
    }
}
