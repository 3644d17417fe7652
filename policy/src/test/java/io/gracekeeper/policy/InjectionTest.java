package io.gracekeeper.policy;

import static io.gracekeeper.policy.Yaml.deployment;
import static io.gracekeeper.policy.Yaml.engine;
import static io.gracekeeper.policy.Yaml.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Annotations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Injection")
class InjectionTest {
    private static final String APPLY =
            "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}, injection: {mode: Apply}}";
    private static final String SERVING = "containers: [{name: app, image: x, ports: [{containerPort: 8080}]}]";

    private static JsonNode mutated(PolicyEngine engine, JsonNode object) {
        return JsonPatches.apply(object, Yaml.mutate(engine, object, "shop").patch());
    }

    private static JsonNode podSpec(JsonNode object) {
        return object.path("spec").path("template").path("spec");
    }

    private static JsonNode annotated(JsonNode object, String record) {
        ((ObjectNode) object.at("/spec/template/metadata"))
                .putObject("annotations")
                .put(Annotations.INJECTED, record);
        return object;
    }

    @Test
    @DisplayName("adds a sleep and a grace period that has room for it, and remembers both")
    void addsBoth() {
        Mutation mutation =
                Yaml.mutate(engine(APPLY), deployment("terminationGracePeriodSeconds: 30\n" + SERVING), "shop");
        JsonNode after =
                JsonPatches.apply(deployment("terminationGracePeriodSeconds: 30\n" + SERVING), mutation.patch());
        assertThat(podSpec(after)).isEqualTo(tree("""
                terminationGracePeriodSeconds: 35
                containers: [{name: app, image: x, ports: [{containerPort: 8080}], lifecycle: {preStop: {sleep: {seconds: 10}}}}]
                """));
        assertThat(after.at("/spec/template/metadata/annotations")
                        .path(Annotations.INJECTED)
                        .asText())
                .isEqualTo("{\"terminationGracePeriodSeconds\":35,\"was\":30,\"preStopSleepSeconds\":{\"app\":10}}");
        assertThat(mutation.warnings())
                .containsExactly("gracekeeper: checkout: app: preStop sleep 10; grace 30 -> 35 (gsp/a)");
    }

    @Test
    @DisplayName("adds only what is missing")
    void addsTheHookAlone() {
        JsonNode after = mutated(engine(APPLY), deployment("terminationGracePeriodSeconds: 60\n" + SERVING));
        assertThat(podSpec(after).path("terminationGracePeriodSeconds").asInt()).isEqualTo(60);
        assertThat(podSpec(after)
                        .at("/containers/0/lifecycle/preStop/sleep/seconds")
                        .asInt())
                .isEqualTo(10);
    }

    @Test
    @DisplayName("adds nothing where the author's own grace period has no room, and says so")
    void allOrNothing() {
        Mutation mutation =
                Yaml.mutate(engine(APPLY), deployment("terminationGracePeriodSeconds: 5\n" + SERVING), "shop");
        assertThat(mutation.patch()).isEmpty();
        assertThat(mutation.warnings())
                .singleElement()
                .asString()
                .contains("terminationGracePeriodSeconds 5 is never raised");
    }

    @Test
    @DisplayName("adds nothing in DryRun, Disabled, or without an injection")
    void onlyInApply() {
        for (String injection : List.of("{mode: DryRun}", "{mode: Disabled}", "{}")) {
            PolicyEngine engine = engine(
                    "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 20}, injection: " + injection + "}");
            assertThat(Yaml.mutate(engine, deployment(SERVING), "shop").isEmpty())
                    .as(injection)
                    .isTrue();
        }
        assertThat(Yaml.mutate(engine("{requirements: {drainDelaySeconds: 10}}"), deployment(SERVING), "shop")
                        .isEmpty())
                .isTrue();
    }

    @Test
    @DisplayName("leaves sidecars, init containers, postStart and unknown fields alone")
    void leavesTheRest() {
        JsonNode before = deployment("""
                future: {a: 1}
                initContainers:
                - {name: mesh, restartPolicy: Always, ports: [{containerPort: 1}]}
                - {name: migrate, ports: [{containerPort: 2}]}
                containers:
                - {name: app, ports: [{containerPort: 8080}], lifecycle: {stopSignal: SIGUSR1, postStart: {sleep: {seconds: 1}}}, x-new: [1]}
                """);
        JsonNode after = mutated(engine(APPLY), before);
        ((ObjectNode) after.at("/spec/template/spec/containers/0/lifecycle")).remove("preStop");
        ((ObjectNode) podSpec(after)).remove("terminationGracePeriodSeconds");
        ((ObjectNode) after.at("/spec/template/metadata")).remove("annotations");
        assertThat(after).isEqualTo(before);
    }

    @Test
    @DisplayName("leaves sleep: 0 alone: that is how an author says no")
    void zeroSaysNo() {
        JsonNode before = deployment(
                "terminationGracePeriodSeconds: 60\n"
                        + "containers: [{name: app, ports: [{containerPort: 1}], lifecycle: {preStop: {sleep: {seconds: 0}}}}]");
        assertThat(Yaml.mutate(engine(APPLY), before, "shop").isEmpty()).isTrue();
    }

    @Nested
    @DisplayName("when it was there before")
    class Again {
        @Test
        @DisplayName("follows the policy's new values")
        void newValues() {
            JsonNode first = mutated(engine(APPLY), deployment(SERVING));
            PolicyEngine longer =
                    engine("{requirements: {drainDelaySeconds: 15, shutdownSeconds: 40}, injection: {mode: Apply}}");
            JsonNode second = mutated(longer, first);
            assertThat(podSpec(second).path("terminationGracePeriodSeconds").asInt())
                    .isEqualTo(60);
            assertThat(podSpec(second)
                            .at("/containers/0/lifecycle/preStop/sleep/seconds")
                            .asInt())
                    .isEqualTo(15);
        }

        @Test
        @DisplayName("goes where the author adds a hook beside it: Kubernetes would refuse two")
        void makesRoomForTheAuthor() {
            JsonNode first = mutated(engine(APPLY), deployment(SERVING));
            ((ObjectNode) first.at("/spec/template/spec/containers/0/lifecycle/preStop"))
                    .putObject("exec")
                    .putArray("command")
                    .add("sleep")
                    .add("12");
            JsonNode second = mutated(engine(APPLY), first);
            assertThat(podSpec(second).at("/containers/0/lifecycle/preStop"))
                    .isEqualTo(tree("{exec: {command: [sleep, '12']}}"));
            assertThat(podSpec(second).path("terminationGracePeriodSeconds").asInt())
                    .isEqualTo(37);
        }

        @Test
        @DisplayName("goes where the author's own grace period no longer has room for it")
        void goesWithTheGrace() {
            JsonNode first = mutated(engine(APPLY), deployment(SERVING));
            ((ObjectNode) podSpec(first)).put("terminationGracePeriodSeconds", 5);
            JsonNode second = mutated(engine(APPLY), first);
            assertThat(podSpec(second)).isEqualTo(tree("""
                    terminationGracePeriodSeconds: 5
                    containers: [{name: app, image: x, ports: [{containerPort: 8080}]}]
                    """));
            assertThat(second.at("/spec/template/metadata").has("annotations")).isFalse();
        }

        @Test
        @DisplayName("stays where policies ask for more than can be injected: a restart is not the author's doing")
        void staysWhereItIsPoliciesThatChange() {
            JsonNode unset = mutated(engine(APPLY), deployment(SERVING));
            JsonNode explicit = mutated(engine(APPLY), deployment("terminationGracePeriodSeconds: 60\n" + SERVING));
            PolicyEngine torn = engine(
                    APPLY,
                    "{requirements: {maxTerminationGracePeriodSeconds: 100}}",
                    "{requirements: {shutdownSeconds: 300}, validation: {actions: [Deny]}}");
            PolicyEngine longer = engine(
                    "{requirements: {drainDelaySeconds: 10, shutdownSeconds: 80}, injection: {mode: Apply}, validation: {actions: [Deny]}}");
            for (var restarted : List.of(Map.entry(unset, torn), Map.entry(explicit, longer))) {
                JsonNode restart = restarted.getKey().deepCopy();
                ((ObjectNode) restart.at("/spec/template/metadata/annotations")).put("restartedAt", "now");
                Mutation mutation = Yaml.mutate(restarted.getValue(), restart, restarted.getKey(), "shop");
                assertThat(mutation.patch()).isEmpty();
                assertThat(Yaml.decide(restarted.getValue(), restart, restarted.getKey(), "shop"))
                        .isInstanceOf(Decision.Allowed.class);
            }
        }

        @Test
        @DisplayName("goes where an update takes away the grace that it rests on")
        void goesWithTheUpdate() {
            JsonNode first = mutated(engine(APPLY), deployment("terminationGracePeriodSeconds: 60\n" + SERVING));
            JsonNode update = first.deepCopy();
            ((ObjectNode) podSpec(update)).put("terminationGracePeriodSeconds", 20);
            JsonNode second = JsonPatches.apply(
                    update, Yaml.mutate(engine(APPLY), update, first, "shop").patch());
            assertThat(podSpec(second).at("/containers/0").has("lifecycle")).isFalse();
        }

        @Test
        @DisplayName("does not come back where somebody took it out")
        void noFight() {
            JsonNode first = mutated(engine(APPLY), deployment(SERVING));
            ((ObjectNode) first.at("/spec/template/spec/containers/0")).remove("lifecycle");
            Mutation mutation = Yaml.mutate(engine(APPLY), first, "shop");
            assertThat(podSpec(JsonPatches.apply(first, mutation.patch()))
                            .at("/containers/0")
                            .has("lifecycle"))
                    .isFalse();
            assertThat(mutation.warnings()).anyMatch(warning -> warning.contains("was removed by somebody"));
        }

        @Test
        @DisplayName("is known by its record alone; one that is not ours is left alone")
        void foreignRecord() {
            JsonNode odd = annotated(deployment("terminationGracePeriodSeconds: 60\n" + SERVING), "what's this?");
            assertThat(engine(APPLY).judge(odd).classification()).isEqualTo(Classification.FIXABLE);
        }
    }

    @Nested
    @DisplayName("of a grace period of 30 s")
    class Thirty {
        private JsonNode thirty() {
            return deployment("terminationGracePeriodSeconds: 30\n" + SERVING);
        }

        private boolean raised(JsonNode object) {
            return podSpec(mutated(engine(APPLY), object))
                            .path("terminationGracePeriodSeconds")
                            .asInt()
                    == 35;
        }

        private ObjectNode metadata(JsonNode object) {
            return (ObjectNode) object.path("metadata");
        }

        @Test
        @DisplayName("raises it after create, which leaves no trace of who wrote it")
        void unknown() {
            assertThat(raised(thirty())).isTrue();
        }

        @Test
        @DisplayName("asks client-side apply's annotation whether the author wrote it")
        void clientSideApply() {
            for (Map.Entry<String, Boolean> applied : Map.of(
                            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"terminationGracePeriodSeconds\":1}]}}}}",
                                    true,
                            "{\"spec\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":30}}}}", false,
                            "{\"spec\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":null}}}}", true,
                            "{\"x\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":30}}},\"spec\":{}}",
                                    true,
                            "{broken", true)
                    .entrySet()) {
                JsonNode object = thirty();
                metadata(object)
                        .putObject("annotations")
                        .put("kubectl.kubernetes.io/last-applied-configuration", applied.getKey());
                assertThat(raised(object)).as(applied.getKey()).isEqualTo(applied.getValue());
            }
        }

        @Test
        @DisplayName("asks server-side apply's managers whether one of them owns it")
        void serverSideApply() {
            JsonNode owns = thirty();
            metadata(owns).set("managedFields", tree("""
                    - manager: kubectl
                      operation: Apply
                      fieldsV1: {"f:spec": {"f:template": {"f:spec": {"f:terminationGracePeriodSeconds": {}}}}}
                    """));
            assertThat(raised(owns)).isFalse();
            JsonNode doesNot = thirty();
            metadata(doesNot).set("managedFields", tree("[{manager: kubectl, operation: Apply, fieldsV1: {}}]"));
            assertThat(raised(doesNot)).isTrue();
        }

        @Test
        @DisplayName(
                "after an injection still tells a value that was taken out of the manifest from one that was chosen")
        void afterAnInjection() {
            String ours = "{\"terminationGracePeriodSeconds\":35,\"was\":30}";
            JsonNode takenOut = thirty();
            annotations(takenOut).put(Annotations.INJECTED, ours);
            metadata(takenOut).set("managedFields", tree("[{manager: kubectl, operation: Apply, fieldsV1: {}}]"));
            assertThat(raised(takenOut)).isTrue();
            JsonNode appliedWithout = thirty();
            annotations(appliedWithout).put(Annotations.INJECTED, ours);
            metadata(appliedWithout)
                    .putObject("annotations")
                    .put("kubectl.kubernetes.io/last-applied-configuration", "{\"spec\":{}}");
            metadata(appliedWithout).set("managedFields", tree(OWNED_BY.formatted("kubectl-client-side-apply")));
            assertThat(raised(appliedWithout)).isTrue();
            JsonNode patched = appliedWithout.deepCopy();
            metadata(patched).set("managedFields", tree(OWNED_BY.formatted("kubectl-edit")));
            assertThat(raised(patched)).isFalse();
            JsonNode nobodyKnows = thirty();
            annotations(nobodyKnows).put(Annotations.INJECTED, ours);
            assertThat(raised(nobodyKnows)).isFalse();
        }

        private static final String OWNED_BY = """
                - manager: %s
                  operation: Update
                  fieldsV1: {"f:spec": {"f:template": {"f:spec": {"f:terminationGracePeriodSeconds": {}}}}}
                """;

        private static ObjectNode annotations(JsonNode object) {
            return ((ObjectNode) object.path("spec").path("template"))
                    .withObject("/metadata")
                    .withObject("/annotations");
        }
    }
}
