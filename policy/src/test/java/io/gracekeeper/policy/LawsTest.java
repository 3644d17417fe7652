package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("For every Deployment and every set of policies")
class LawsTest {
    private static final int TRIES = 1000;

    private static JsonNode mutated(PolicyEngine engine, JsonNode object) {
        return JsonPatches.apply(object, Yaml.mutate(engine, object, "shop").patch());
    }

    private static JsonNode podSpec(JsonNode object) {
        return object.path("spec").path("template").path("spec");
    }

    @Property(tries = TRIES)
    @Label("law 1: a second mutation changes nothing")
    void idempotent(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        JsonNode once = mutated(engine, object);
        assertThat(Yaml.mutate(engine, once, "shop").patch()).isEmpty();
    }

    @Property(tries = TRIES)
    @Label("law 1: a compliant object gets an empty patch")
    void compliantIsLeftAlone(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        if (engine.judge(object).violations().isEmpty()) {
            assertThat(Yaml.mutate(engine, object, "shop").isEmpty()).isTrue();
        }
    }

    @Property(tries = TRIES)
    @Label("law 1: nothing that was called fixable is still violated after it")
    void fixableIsFixed(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        Judgement judgement = engine.judge(object);
        if (judgement.classification() == Classification.FIXABLE) {
            JsonNode fixed = JsonPatches.apply(object, judgement.injection().patch());
            assertThat(engine.judge(fixed).classification()).isEqualTo(Classification.COMPLIANT);
        }
    }

    @Property(tries = TRIES)
    @Label("law 2: a hook only where the same patch makes the grace sufficient, and nothing is lowered")
    void hookOnlyWithRoom(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        JsonNode after = mutated(engine, object);
        long before = podSpec(object).path("terminationGracePeriodSeconds").asLong(30);
        long grace = podSpec(after).path("terminationGracePeriodSeconds").asLong(30);
        assertThat(grace).isGreaterThanOrEqualTo(before);
        if (!podSpec(after).path("containers").equals(podSpec(object).path("containers"))) {
            assertThat(engine.judge(after).violations())
                    .extracting(Violation::rule)
                    .doesNotContain(Rule.BUDGET_FITS, Rule.GRACE_POSITIVE);
        }
    }

    @Property(tries = TRIES)
    @Label("law 3: whatever the user wrote survives, unknown fields and order too")
    void whatTheUserWroteSurvives(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        JsonNode after = mutated(engine, object).deepCopy();
        ArrayNode containers = (ArrayNode) podSpec(after).path("containers");
        for (int i = 0; i < containers.size(); i++) {
            JsonNode before = podSpec(object).path("containers").path(i).path("lifecycle");
            ObjectNode container = (ObjectNode) containers.get(i);
            if (before.path("preStop").isMissingNode()
                    && container.path("lifecycle").has("preStop")) {
                ((ObjectNode) container.path("lifecycle")).remove("preStop");
                if (!before.isObject()) {
                    container.remove("lifecycle");
                }
            }
        }
        JsonNode grace = podSpec(object).path("terminationGracePeriodSeconds");
        if (grace.isMissingNode()) {
            ((ObjectNode) podSpec(after)).remove("terminationGracePeriodSeconds");
        } else if (grace.asLong() == 30) {
            ((ObjectNode) podSpec(after)).put("terminationGracePeriodSeconds", 30);
        }
        withoutRecord(after);
        assertThat(withoutNullLifecycles(after).toString())
                .isEqualTo(withoutNullLifecycles(object).toString());
    }

    @Property(tries = TRIES)
    @Label("law 6: strip(inject(x)) == x")
    void stripUndoesInject(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        JsonNode injected = mutated(engine, object);
        PodTemplate actual =
                WorkloadReader.read(injected, Yaml.DEPLOYMENT, "shop").template();
        JsonNode stripped = JsonPatches.apply(
                injected,
                TemplatePatcher.patch(injected, Yaml.DEPLOYMENT, actual, Injector.strip(actual), InjectionRecord.NONE));
        assertThat(withoutNullLifecycles(stripped).toString())
                .isEqualTo(withoutNullLifecycles(object).toString());
    }

    @Property(tries = TRIES)
    @Label("law 8: an update that worsens nothing passes, whatever it was before")
    void noWorseMayPass(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        JsonNode update = object.deepCopy();
        ((ObjectNode) update.path("spec").path("template")).put("another", "change");
        assertThat(Yaml.decide(engine, update, object, "shop")).isInstanceOf(Decision.Allowed.class);
    }

    @Property(tries = TRIES)
    @Label("law 9: a refusal says what the status says, all of it")
    void sameWordsEverywhere(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        if (Yaml.decide(engine, object, null, "shop") instanceof Decision.Denied denied) {
            List<String> judged = engine.judge(object).violations().stream()
                    .filter(violation -> violation.action() == ValidationAction.DENY)
                    .map(Violation::text)
                    .toList();
            assertThat(denied.causes()).extracting(Cause::message).containsExactlyElementsOf(judged);
            assertThat(judged).allSatisfy(text -> assertThat(denied.message()).contains(text));
        }
    }

    @Property(tries = TRIES)
    @Label("law 19: nothing is injected into init containers and native sidecars")
    void initContainersAreLeftAlone(@ForAll("deployments") JsonNode object, @ForAll("engines") PolicyEngine engine) {
        assertThat(podSpec(mutated(engine, object)).path("initContainers"))
                .isEqualTo(podSpec(object).path("initContainers"));
    }

    private static void withoutRecord(JsonNode object) {
        ObjectNode metadata = (ObjectNode) object.path("spec").path("template").path("metadata");
        if (metadata.path("annotations") instanceof ObjectNode annotations
                && annotations.remove(Annotations.INJECTED) != null
                && annotations.isEmpty()) {
            metadata.remove("annotations");
        }
    }

    /** A null lifecycle is no lifecycle, to the API server and to us. */
    private static JsonNode withoutNullLifecycles(JsonNode object) {
        JsonNode copy = object.deepCopy();
        podSpec(copy).path("containers").forEach(container -> {
            if (container.path("lifecycle").isNull()) {
                ((ObjectNode) container).remove("lifecycle");
            }
        });
        return copy;
    }

    @Provide
    Arbitrary<PolicyEngine> engines() {
        return policies().list().ofMinSize(1).ofMaxSize(3).map(specs -> {
            List<CompiledPolicy> compiled = new ArrayList<>();
            for (int i = 0; i < specs.size(); i++) {
                compiled.add(CompiledPolicy.of(new PolicyReference("shop", "p" + i), specs.get(i)));
            }
            return Yaml.engine(namespace -> new NamespacePolicies(compiled));
        });
    }

    private static Arbitrary<GracefulShutdownPolicySpec> policies() {
        Arbitrary<Integer> drain = Arbitraries.of(0, 1, 5, 10, 30).injectNull(0.3);
        Arbitrary<Integer> shutdown = Arbitraries.of(0, 10, 25, 300).injectNull(0.3);
        Arbitrary<Integer> margin = Arbitraries.of(0, 5, 15).injectNull(0.5);
        Arbitrary<Integer> max = Arbitraries.of(20, 40, 120, 600).injectNull(0.5);
        Arbitrary<Requirements> requirements =
                Combinators.combine(drain, shutdown, margin, max).as(Requirements::new);
        Arbitrary<Validation> validation = Arbitraries.of(ValidationAction.values())
                .map(action -> new Validation(List.of(action)))
                .injectNull(0.2);
        Arbitrary<Injection> injection = Arbitraries.of(
                        InjectionMode.APPLY, InjectionMode.APPLY, InjectionMode.APPLY, InjectionMode.DRY_RUN)
                .map(mode -> new Injection(mode, null))
                .injectNull(0.1);
        return Combinators.combine(requirements, validation, injection)
                .as((r, v, i) -> new GracefulShutdownPolicySpec(null, r, v, i, null));
    }

    @Provide
    Arbitrary<JsonNode> deployments() {
        Arbitrary<Integer> grace =
                Arbitraries.of(-1, 0, 1, 5, 30, 30, 30, 30, 35, 60, 600).injectNull(0.2);
        return Combinators.combine(grace, containers(), containers(), Arbitraries.of(true, false))
                .as((seconds, main, init, extra) -> {
                    ObjectNode object = (ObjectNode)
                            Yaml.tree(
                                    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: shop}, spec: {x-before: 1, template: {metadata: {labels: {a: b}}}}}");
                    ObjectNode spec = ((ObjectNode) object.at("/spec/template")).putObject("spec");
                    if (extra) {
                        spec.put("unknownField", 7);
                    }
                    if (seconds != null) {
                        spec.put("terminationGracePeriodSeconds", seconds);
                    }
                    spec.set("containers", GeneratedWorlds.named(main, "c", false));
                    spec.set("initContainers", GeneratedWorlds.named(init, "i", true));
                    return object;
                });
    }

    private static Arbitrary<List<JsonNode>> containers() {
        Map<String, String> lifecycles = new TreeMap<>(Map.of(
                "none", "{}",
                "null", "{lifecycle: null}",
                "empty", "{lifecycle: {}}",
                "postStart", "{lifecycle: {postStart: {exec: {command: [a]}}, stopSignal: SIGINT}}",
                "sleep", "{lifecycle: {preStop: {sleep: {seconds: 10}}}}",
                "zero", "{lifecycle: {preStop: {sleep: {seconds: 0}}}}",
                "exec", "{lifecycle: {preStop: {exec: {command: [sleep, '25']}}, postStart: {sleep: {seconds: 1}}}}",
                "script", "{lifecycle: {preStop: {exec: {command: [/x]}}}}",
                "tcp", "{lifecycle: {preStop: {tcpSocket: {port: 1}}}}"));
        List<String> ports =
                List.of("[]", "[{containerPort: 80}]", "[{containerPort: 81}]", "[{name: metrics, containerPort: 9}]");
        return Combinators.combine(Arbitraries.of(lifecycles.values()), Arbitraries.of(ports))
                .as((lifecycle, port) -> {
                    ObjectNode container = (ObjectNode) Yaml.tree(lifecycle);
                    container.set("ports", Yaml.tree(port));
                    return (JsonNode) container;
                })
                .list()
                .ofMaxSize(3);
    }
}
