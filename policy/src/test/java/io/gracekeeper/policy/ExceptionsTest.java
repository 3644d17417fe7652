package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Who is let off")
class ExceptionsTest {
    private static final String DENY =
            "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}, validation: {actions: [Deny]}, injection: {mode: Apply}}";
    private static final String AGENT = """
            terminationGracePeriodSeconds: 40
            containers:
            - {name: app, lifecycle: {preStop: {sleep: {seconds: 10}}}}
            - {name: agent, lifecycle: {preStop: {sleep: {seconds: 30}}}}
            """;

    private static PolicyEngine engine(String policy, String... exceptions) {
        return engine(Map.of(), policy, exceptions);
    }

    private static PolicyEngine engine(Map<String, String> namespaceLabels, String policy, String... exceptions) {
        CompiledPolicy compiled = Yaml.policy("a", policy);
        List<CompiledException> excused = Stream.of(exceptions)
                .map(spec -> CompiledException.of(
                        "shop", "e", Yaml.read(spec, ShutdownExceptionSpec.class), WorkloadKinds.BUILT_IN))
                .toList();
        return Yaml.engine(namespace -> new NamespacePolicies(List.of(compiled), excused, namespaceLabels));
    }

    private static String exception(String rest) {
        return "{target: {kind: Deployment, names: [checkout]}, reason: OPS-9, expiresAt: '2027-02-01T00:00:00Z', "
                + rest + "}";
    }

    private static Decision decide(PolicyEngine engine, JsonNode object) {
        return Yaml.decide(engine, object, null, "shop");
    }

    @ParameterizedTest(name = "a {1} of a {0}")
    @CsvSource({
        "Deployment, Deployment",
        "Deployment, ReplicaSet",
        "Deployment, Pod",
        "CronJob, Job",
        "CronJob, Pod",
        "StatefulSet, Pod",
        "Fleet, Fleet",
        "Fleet, Deployment",
        "Fleet, StatefulSet",
        "Fleet, CronJob",
        "Fleet, ReplicaSet",
        "Fleet, Job",
        "Fleet, Pod"
    })
    @DisplayName("is never passed over by kind and name where an exception reaches it")
    void mayReach(String above, String below) {
        WorkloadKinds kinds = WorkloadKinds.BUILT_IN.with(
                List.of(new WorkloadKind("example.com", "Fleet", List.of("spec", "template"), true, Set.of())));
        WorkloadKind its = Objects.requireNonNull(kinds.named(below));
        Origin origin = above.equals(below)
                ? Origin.NONE
                : new Origin(List.of(new Maker(Objects.requireNonNull(kinds.named(above)), "checkout")), true);
        String name = above.equals(below) ? "checkout" : "checkout-1";
        CompiledException exception = CompiledException.of(
                "shop",
                "e",
                Yaml.read(exception("rules: [BudgetFits]").replace("Deployment", above), ShutdownExceptionSpec.class),
                kinds);
        assertThat(exception.reaches(its, name, origin)).isTrue();
        assertThat(exception.mayReach(its, name)).isTrue();
    }

    @Test
    @DisplayName("by an exception is let off from its rules alone")
    void byRule() {
        JsonNode object = Yaml.deployment(
                "terminationGracePeriodSeconds: 20\ncontainers: [{name: app, ports: [{containerPort: 1}]}]");
        assertThat(decide(engine(DENY, exception("rules: [BudgetFits]")), object))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.causes())
                                .singleElement()
                                .extracting(Cause::field)
                                .isEqualTo("spec.template.spec.containers[app].lifecycle.preStop"));
        PolicyEngine both = engine(DENY, exception("rules: [BudgetFits, DrainDelay]"));
        assertThat(decide(both, object)).isEqualTo(Decision.Allowed.QUIET);
        Judgement judgement = both.judge(object);
        assertThat(judgement.classification()).isEqualTo(Classification.COMPLIANT);
        assertThat(judgement.forgiven()).hasSize(2);
        assertThat(judgement.exceptions())
                .extracting(CompiledException::display)
                .containsExactly("shop/e");
    }

    @Test
    @DisplayName("for one container has its terms leave the sum, and the others still owe theirs")
    void byContainer() {
        JsonNode object = Yaml.deployment(AGENT);
        assertThat(decide(engine(DENY), object)).isInstanceOf(Decision.Denied.class);
        String agentAlone = exception("containers: [agent], rules: [BudgetFits]");
        assertThat(decide(engine(DENY, agentAlone), object)).isEqualTo(Decision.Allowed.QUIET);
        ((ObjectNode) object.at("/spec/template/spec")).put("terminationGracePeriodSeconds", 34);
        assertThat(decide(engine(DENY, agentAlone), object))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.message())
                                .contains("container \"app\" needs preStop 10s + shutdown 20s + margin 5s = 35s"));
    }

    @Test
    @DisplayName("is another workload's business: names and kinds are exact, and the end is the end")
    void others() {
        JsonNode object = Yaml.deployment("terminationGracePeriodSeconds: 20\ncontainers: [{name: app}]");
        for (String notForIt : List.of(
                "{target: {kind: StatefulSet, names: [checkout]}, rules: [BudgetFits], reason: x, expiresAt: '2027-02-01T00:00:00Z'}",
                "{target: {kind: Deployment, names: [check]}, rules: [BudgetFits], reason: x, expiresAt: '2027-02-01T00:00:00Z'}",
                "{target: {kind: Deployment, names: [checkout]}, rules: [BudgetFits], reason: x, expiresAt: '"
                        + Yaml.NOW + "'}")) {
            assertThat(decide(engine(DENY, notForIt), object)).as(notForIt).isInstanceOf(Decision.Denied.class);
        }
    }

    @Test
    @DisplayName("is told from 14 days before that it ends")
    void notice() {
        JsonNode object = Yaml.deployment("terminationGracePeriodSeconds: 20\ncontainers: [{name: app}]");
        String soon = "{target: {kind: Deployment, names: [checkout]}, rules: [BudgetFits], reason: x, expiresAt: '"
                + Yaml.NOW.plus(Duration.ofDays(9)) + "'}";
        assertThat(decide(engine(DENY, soon), object).warnings())
                .containsExactly("gracekeeper: checkout: exception shop/e ends at 2026-12-03T12:00:00Z, in 9 days");
    }

    @Test
    @DisplayName("may also be let off from injection")
    void skipInjection() {
        JsonNode object = Yaml.deployment("containers: [{name: app, ports: [{containerPort: 1}]}]");
        assertThat(Yaml.mutate(engine(DENY, exception("rules: [DrainDelay]")), object, "shop")
                        .isEmpty())
                .isFalse();
        assertThat(Yaml.mutate(engine(DENY, exception("rules: [DrainDelay], skipInjection: true")), object, "shop")
                        .isEmpty())
                .isTrue();
    }

    private static Maker maker(String kind, String name) {
        return new Maker(Objects.requireNonNull(WorkloadKinds.BUILT_IN.named(kind)), name);
    }

    private static Request pod(Origin origin, String spec) {
        JsonNode pod = Yaml.tree(
                "{apiVersion: v1, kind: Pod, metadata: {generateName: checkout-5d4f8c7b9-, namespace: shop}, spec: "
                        + spec + "}");
        return Objects.requireNonNull(Yaml.engine().creation(pod, "shop", origin));
    }

    @ParameterizedTest(name = "{0} of {1}/{2}, {3}/{4}: {5}")
    @CsvSource({
        "Deployment/checkout, ReplicaSet, checkout-5d4f8c7b9, Deployment, checkout, true",
        "ReplicaSet/checkout-5d4f8c7b9, ReplicaSet, checkout-5d4f8c7b9, Deployment, checkout, true",
        "Deployment/check, ReplicaSet, checkout-5d4f8c7b9, Deployment, checkout, false",
        "StatefulSet/checkout, ReplicaSet, checkout-5d4f8c7b9, Deployment, checkout, false",
        "StatefulSet/db, StatefulSet, db, , , true",
        "Job/report-29391840, Job, report-29391840, CronJob, report, true",
        "CronJob/report, Job, report-29391840, CronJob, report, true",
        // Who is above is not known yet: the name tells, as the controller gave it.
        "Deployment/checkout, ReplicaSet, checkout-5d4f8c7b9, +, , true",
        "CronJob/report, Job, report-29391840, +, , true",
        "Deployment/check, ReplicaSet, checkout-5d4f8c7b9, +, , false",
        "Deployment/checkout, ReplicaSet, checkout-api-5d4f8c7b9, +, , false",
        "StatefulSet/checkout, ReplicaSet, checkout-5d4f8c7b9, +, , false",
        "Deployment/checkout, ReplicaSet, checkout-5d4f8c7b9, , , false",
    })
    @DisplayName("by an exception for a workload lets that one's pods off, whose names nobody could write")
    void pods(String target, String kind, String name, String above, String aboveName, boolean letOff) {
        List<Maker> makers = new ArrayList<>(List.of(maker(kind, name)));
        if (aboveName != null) {
            makers.add(maker(above, aboveName));
        }
        Request request = pod(
                new Origin(makers, !"+".equals(above)),
                "{terminationGracePeriodSeconds: 20, containers: [{name: app}]}");
        String[] words = target.split("/");
        PolicyEngine engine = engine(
                DENY.replace("{requirements", "{match: {kinds: [Pod]}, requirements"),
                "{target: {kind: " + words[0] + ", names: [x, " + words[1]
                        + "]}, rules: [BudgetFits], reason: x, expiresAt: '2027-02-01T00:00:00Z'}");
        assertThat(engine.decide(request) instanceof Decision.Allowed).isEqualTo(letOff);
        Judgement judgement = engine.judge(request.object(), request.origin());
        assertThat(judgement.forgiven()).hasSize(letOff ? 1 : 0);
        assertThat(judgement.exceptions()).hasSize(letOff ? 1 : 0);
        assertThat(engine.decide(pod(Origin.NONE, "{terminationGracePeriodSeconds: 20, containers: [{name: app}]}")))
                .as("the same by a person")
                .isInstanceOf(Decision.Denied.class);
    }

    @Test
    @DisplayName(
            "by an exception for the workload above gets a pod off by rule, container and time, and from injection, as it does its maker")
    void podsAsTheirMaker() {
        var origin = new Origin(List.of(maker("ReplicaSet", "checkout-1"), maker("Deployment", "checkout")), true);
        String podPolicy = DENY.replace("{requirements", "{match: {kinds: [Pod]}, requirements");
        Request two = pod(origin, Yaml.tree(AGENT).toString());
        assertThat(engine(podPolicy, exception("containers: [agent], rules: [BudgetFits]"))
                        .decide(two))
                .isEqualTo(Decision.Allowed.QUIET);
        assertThat(engine(podPolicy, exception("containers: [app], rules: [BudgetFits]"))
                        .decide(two))
                .isInstanceOf(Decision.Denied.class);
        assertThat(engine(podPolicy, exception("rules: [DrainDelay]")).decide(two))
                .isInstanceOf(Decision.Denied.class);
        String soon = "{target: {kind: Deployment, names: [checkout]}, rules: [BudgetFits], reason: x, expiresAt: '"
                + Yaml.NOW.plus(Duration.ofDays(9)) + "'}";
        assertThat(engine(podPolicy, soon).decide(two).warnings())
                .containsExactly(
                        "gracekeeper: checkout-5d4f8c7b9-: exception shop/e ends at 2026-12-03T12:00:00Z, in 9 days");
        String ended = soon.replace(Yaml.NOW.plus(Duration.ofDays(9)).toString(), Yaml.NOW.toString());
        assertThat(engine(podPolicy, ended).decide(two)).isInstanceOf(Decision.Denied.class);

        Request bare = pod(origin, "{containers: [{name: app, ports: [{containerPort: 1}]}]}");
        Map<String, String> labels = Map.of("gracekeeper.io/pod-injection", "enabled");
        assertThat(engine(labels, podPolicy, exception("rules: [DrainDelay]"))
                        .mutate(bare)
                        .isEmpty())
                .isFalse();
        assertThat(engine(labels, podPolicy, exception("rules: [DrainDelay], skipInjection: true"))
                        .mutate(bare)
                        .isEmpty())
                .isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec.target.kind, spec.target.names, spec.rules, spec.reason, spec.expiresAt",
                "{target: {kind: Deployment, names: ['*']}, rules: [Nonsense, RolloutPace], reason: ' ', expiresAt: tomorrow} | spec.target.names[0], spec.rules[0], spec.rules[1], spec.reason, spec.expiresAt",
                "{target: {kind: Frigate, names: [a]}, rules: [BudgetFits, BudgetFits], reason: x, expiresAt: '2026-12-01T00:00:00Z'} | spec.target.kind, spec.rules",
                "{target: {kind: Deployment, names: [a]}, rules: [BudgetFits], reason: x, expiresAt: '2028-01-01T00:00:00Z'} | spec.expiresAt",
                "{target: {kind: Deployment, names: [a]}, rules: [BudgetFits], reason: x, expiresAt: '2026-12-01T00:00:00+01:00'} | ''",
            })
    @DisplayName("by a wrong exception is told every error at once")
    void wrong(String spec, String paths) {
        assertThat(ExceptionValidator.validate(
                        Yaml.read(spec, ShutdownExceptionSpec.class),
                        WorkloadKinds.BUILT_IN,
                        ExceptionValidator.latest(Yaml.NOW)))
                .extracting(FieldError::path)
                .containsExactlyElementsOf(paths.isEmpty() ? List.of() : List.of(paths.split(", ")));
    }

    @Nested
    @DisplayName("by breaking the glass")
    class Glass {
        private JsonNode with(String annotation) {
            JsonNode object = Yaml.deployment("terminationGracePeriodSeconds: 20\ncontainers: [{name: app}]");
            ((ObjectNode) object.path("metadata"))
                    .putObject("annotations")
                    .put("gracekeeper.io/break-glass", annotation);
            return object;
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({
            "2026-11-24T18:00:00Z INC-42 checkout is down",
            "2026-11-24T18:00Z INC-42",
            "2026-11-25T13:00+01:00 INC-42"
        })
        @DisplayName("passes with a warning that says so")
        void passes(String annotation) {
            assertThat(decide(engine(DENY), with(annotation)))
                    .isInstanceOfSatisfying(Decision.Allowed.class, allowed -> {
                        assertThat(allowed.passage()).isEqualTo(Decision.Passage.BREAK_GLASS);
                        assertThat(allowed.warnings()).anyMatch(line -> line.contains("let through until"));
                        assertThat(allowed.warnings())
                                .anyMatch(line -> line.contains("needs terminationGracePeriodSeconds: "));
                    });
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({
            "2026-11-24T18:00Z, a reason has to follow the time",
            "2026-11-26T12:00Z INC-42, at most 24 h ahead",
            "2026-11-24T11:59Z INC-42, it ended",
            "now please, write"
        })
        @DisplayName("is refused where it means nothing, and told why")
        void refused(String annotation, String why) {
            assertThat(decide(engine(DENY), with(annotation)))
                    .isInstanceOfSatisfying(
                            Decision.Denied.class,
                            denied -> assertThat(denied.warnings()).anyMatch(line -> line.contains(why)));
        }

        @Test
        @DisplayName("holds for an update too whose new object has lost it, as a rollback's has")
        void oldObject() {
            JsonNode worse = Yaml.deployment("terminationGracePeriodSeconds: 10\ncontainers: [{name: app}]");
            assertThat(Yaml.decide(engine(DENY), worse, with("2026-11-24T18:00Z INC-42"), "shop"))
                    .isInstanceOf(Decision.Allowed.class);
        }
    }

    @Test
    @DisplayName("by going back to a revision of its own")
    void rollback() {
        JsonNode before = Yaml.deployment("terminationGracePeriodSeconds: 60\ncontainers: [{name: app}]");
        JsonNode bad = Yaml.deployment("terminationGracePeriodSeconds: 5\ncontainers: [{name: app}]");
        JsonNode inReplicaSet = bad.at("/spec/template").deepCopy();
        ((ObjectNode) inReplicaSet.at("/metadata/labels")).put("pod-template-hash", "abc");
        ((ObjectNode) inReplicaSet.path("metadata")).putNull("creationTimestamp");
        long hash = TemplateHash.of(inReplicaSet);
        var request =
                new Request(bad, before, Yaml.DEPLOYMENT, "shop", Origin.NONE, (object, wanted) -> wanted == hash);
        assertThat(engine(DENY).decide(request)).isInstanceOfSatisfying(Decision.Allowed.class, allowed -> {
            assertThat(allowed.passage()).isEqualTo(Decision.Passage.ROLLBACK);
            assertThat(allowed.warnings()).anyMatch(line -> line.contains("rollback"));
        });
        assertThat(Yaml.decide(engine(DENY), bad, before, "shop")).isInstanceOf(Decision.Denied.class);
    }

    @Nested
    @DisplayName("as a container that policies exempt")
    class ExemptContainers {
        private PolicyEngine engine(String... specs) {
            return Yaml.engine(specs);
        }

        @Test
        @DisplayName("owes nothing and gets nothing, but its own hook counts")
        void owesNothing() {
            PolicyEngine exempting = engine(
                    "{match: {exemptContainers: ['*-agent']}, requirements: {drainDelaySeconds: 10, shutdownSeconds: 45}, validation: {actions: [Deny]}, injection: {mode: Apply}}");
            JsonNode object = Yaml.deployment("""
                    containers:
                    - {name: app, lifecycle: {preStop: {exec: {command: [sleep, '30']}}}}
                    - {name: log-agent, ports: [{containerPort: 1}], lifecycle: {preStop: {exec: {command: [sleep, '25']}}}}
                    """);
            // max(30 + 45, 25) + 5 = 80: the example of the design.
            assertThat(JsonPatches.apply(
                                    object,
                                    Yaml.mutate(exempting, object, "shop").patch())
                            .at("/spec/template/spec/terminationGracePeriodSeconds")
                            .asInt())
                    .isEqualTo(80);
            JsonNode bare = Yaml.deployment("containers: [{name: log-agent, ports: [{containerPort: 1}]}]");
            assertThat(decide(exempting, bare)).isInstanceOf(Decision.Allowed.class);
            assertThat(Yaml.mutate(exempting, bare, "shop").isEmpty()).isTrue();
        }

        @Test
        @DisplayName("still owes what the others ask")
        void othersAsk() {
            EffectivePolicy merged = RequirementsMerger.merge(
                    List.of(
                            Yaml.policy(
                                    "a", "{match: {exemptContainers: [agent]}, requirements: {shutdownSeconds: 90}}"),
                            Yaml.policy("b", "{requirements: {shutdownSeconds: 20}}")),
                    WorkloadReader.read(Yaml.deployment(AGENT), Yaml.DEPLOYMENT, "shop")
                            .template()
                            .containers());
            assertThat(merged.duty().shutdownSeconds()).isEqualTo(90);
            assertThat(merged.duties().get("agent").shutdownSeconds()).isEqualTo(20);
            assertThat(merged.duties().get("agent").exempt()).isFalse();
        }
    }
}
