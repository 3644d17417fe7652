package io.gracekeeper.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.ExistingViolations;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.GeneratedWorlds.World;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("For every kind of workload, and policies of namespace and cluster with exceptions")
class EngineLawsTest {
    private static final int TRIES = 700;

    @Provide
    Arbitrary<String> tightenings() {
        return GeneratedWorlds.tightenings();
    }

    @Provide
    Arbitrary<World> worlds() {
        return GeneratedWorlds.worlds();
    }

    @Provide
    Arbitrary<JsonNode> objects() {
        return GeneratedWorlds.objects();
    }

    @Provide
    Arbitrary<List<JsonNode>> histories() {
        return GeneratedWorlds.histories();
    }

    private static Request request(JsonNode object, JsonNode old) {
        return Yaml.request(object, old, "shop");
    }

    private static JsonNode mutated(PolicyEngine engine, JsonNode object) {
        return JsonPatches.apply(object, engine.mutate(request(object, null)).patch());
    }

    private static WorkloadKind kind(JsonNode object) {
        return request(object, null).kind();
    }

    private static JsonNode podSpec(JsonNode object) {
        return WorkloadReader.templateNode(object, kind(object)).path("spec");
    }

    @Property(tries = TRIES)
    @Label("law 1: a second mutation changes nothing, and a compliant object gets an empty patch")
    void idempotent(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        PolicyEngine engine = world.engine();
        JsonNode once = mutated(engine, object);
        assertThat(engine.mutate(request(once, null)).patch()).isEmpty();
        if (engine.judge(object).violations().isEmpty()) {
            assertThat(once).isEqualTo(object);
        }
    }

    @Property(tries = TRIES)
    @Label("law 1: nothing that was called fixable is still violated after it")
    void fixableIsFixed(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        PolicyEngine engine = world.engine();
        Judgement judgement = engine.judge(object);
        if (judgement.classification() == Classification.FIXABLE) {
            JsonNode fixed = JsonPatches.apply(object, judgement.injection().patch());
            assertThat(engine.judge(fixed).violations()).isEmpty();
        }
    }

    @Property(tries = TRIES)
    @Label("law 2: a hook only where the same patch makes the grace sufficient, and nothing is lowered")
    void hookOnlyWithRoom(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        PolicyEngine engine = world.engine();
        JsonNode after = mutated(engine, object);
        assertThat(podSpec(after).path("terminationGracePeriodSeconds").asLong(30))
                .isGreaterThanOrEqualTo(
                        podSpec(object).path("terminationGracePeriodSeconds").asLong(30));
        if (!podSpec(after).path("containers").equals(podSpec(object).path("containers"))) {
            Judgement judgement = engine.judge(after);
            Need need = Objects.requireNonNull(Need.of(judgement.workload().template(), judgement.policy()));
            assertThat(judgement.workload().template().graceSeconds()).isGreaterThanOrEqualTo(need.seconds());
        }
    }

    @Property(tries = TRIES)
    @Label("laws 3 and 6: what was written survives, and strip(inject(x)) == x")
    void stripUndoesInject(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        JsonNode injected = mutated(world.engine(), object);
        WorkloadKind kind = kind(object);
        PodTemplate actual = WorkloadReader.read(injected, kind, "shop").template();
        JsonNode stripped = JsonPatches.apply(
                injected, TemplatePatcher.patch(injected, kind, actual, Injector.strip(actual), InjectionRecord.NONE));
        assertThat(comparable(stripped)).isEqualTo(comparable(object));
    }

    /** A null lifecycle is none, and so are annotations without content, to the API server and to us. */
    private static String comparable(JsonNode object) {
        JsonNode copy = object.deepCopy();
        podSpec(copy).path("containers").forEach(container -> {
            if (container.path("lifecycle").isNull()) {
                ((ObjectNode) container).remove("lifecycle");
            }
        });
        return copy.toString();
    }

    @Property(tries = TRIES)
    @Label("law 7: neither the order of policies nor the surroundings change a verdict")
    void dependsOnNothingElse(@ForAll("worlds") World world, @ForAll("objects") JsonNode object, @ForAll long seed) {
        PolicyEngine engine = world.engine();
        assertThat(world.shuffled(seed).decide(request(object, null))).isEqualTo(engine.decide(request(object, null)));
        Surroundings around = new SurroundingsReader().complete().surroundings();
        assertThat(engine.judge(object, Origin.NONE, around).violations())
                .isEqualTo(engine.judge(object).violations());
    }

    @Property(tries = TRIES)
    @Label("law 7: what a person writes is judged alike whoever it claims to be owned by, and never injected into more")
    void ownerReferencesAreClaims(
            @ForAll("worlds") World world, @ForAll("objects") JsonNode object, @ForAll("owners") String owner) {
        PolicyEngine engine = world.engine();
        JsonNode claiming = object.deepCopy();
        ((ObjectNode) claiming.path("metadata")).set("ownerReferences", Yaml.tree(owner));
        Origin byPerson = new OriginReader(
                        WorkloadKinds.BUILT_IN,
                        (namespace, kind, name) -> new OriginReader.Owner.Made(new Maker(Yaml.DEPLOYMENT, "x")))
                .ofRequest(claiming, "shop", "alice");
        assertThat(byPerson).isEqualTo(Origin.NONE);
        assertThat(engine.decide(request(claiming, null)) instanceof Decision.Denied)
                .isEqualTo(engine.decide(request(object, null)) instanceof Decision.Denied);
        assertThat(engine.mutate(request(claiming, null)).patch().size())
                .isLessThanOrEqualTo(
                        engine.mutate(request(object, null)).patch().size());
    }

    @Property(tries = TRIES)
    @Label("law 7: the name of a maker plays no part but in exceptions, and there as the workload's own name would")
    void makersLetOff(
            @ForAll("worlds") World world, @ForAll("objects") JsonNode object, @ForAll("makers") Maker maker) {
        var origin = new Origin(List.of(maker), true);
        var renamed = new Origin(List.of(new Maker(maker.kind(), "nobody-names-it")), true);
        Judgement of = world.engine().judge(object, origin);
        Judgement without = world.withoutExceptions().judge(object, origin);
        assertThat(world.withoutExceptions().judge(object, renamed).violations())
                .isEqualTo(without.violations());
        assertThat(of.classification() == Classification.UNMATCHED)
                .isEqualTo(without.classification() == Classification.UNMATCHED);
        assertThat(of.exceptions())
                .allSatisfy(exception -> assertThat(exception.workloads())
                        .containsAnyOf(maker.name(), object.at("/metadata/name").asText()));
        if (of.exceptions().isEmpty()) {
            assertThat(of.violations()).isEqualTo(without.violations());
        }
    }

    @Provide
    Arbitrary<String> owners() {
        return Arbitraries.of(
                "[{apiVersion: apps/v1, kind: Deployment, name: x, controller: true}]",
                "[{apiVersion: apps/v1, kind: ReplicaSet, name: x-1, controller: true}]",
                "[{apiVersion: batch/v1, kind: CronJob, name: x, controller: true}]",
                "[{apiVersion: x.io/v1, kind: Y, name: x, controller: true}]",
                "[{apiVersion: apps/v1, kind: Deployment, name: x}]");
    }

    @Provide
    Arbitrary<Maker> makers() {
        return Combinators.combine(
                        Arbitraries.of(WorkloadKinds.BUILT_IN.all()).filter(kind -> !kind.isPod()),
                        Arbitraries.of("d", "y", "d-1"))
                .as(Maker::new);
    }

    @Property(tries = TRIES)
    @Label(
            "law 8: along any history, an update that worsens nothing passes, and one that changes no template always does")
    void histories(@ForAll("worlds") World world, @ForAll("histories") List<JsonNode> history) {
        PolicyEngine engine = world.engine();
        for (int i = 1; i < history.size(); i++) {
            JsonNode old = history.get(i - 1);
            JsonNode update = history.get(i);
            Judgement after = engine.judge(update);
            boolean worse = !Ratchet.worsened(engine.judge(old).violations(), after.violations()).stream()
                    .filter(violation -> violation.action() == ValidationAction.DENY)
                    .toList()
                    .isEmpty();
            if (after.policy().existingViolations() == ExistingViolations.ALLOW) {
                assertThat(engine.decide(request(update, old)) instanceof Decision.Denied)
                        .isEqualTo(worse);
            }
            JsonNode scaled = update.deepCopy();
            ((ObjectNode) scaled.path("metadata")).putObject("labels").put("team", "x");
            ((ObjectNode) scaled).withObjectProperty("spec").put("replicas", 7);
            assertThat(engine.decide(request(scaled, update))).isEqualTo(Decision.Allowed.QUIET);
        }
    }

    @Property(tries = TRIES)
    @Label("law 8: whatever became of the policies since, a restart passes: what we edit in it never gets it refused")
    void restartsPass(
            @ForAll("worlds") World before, @ForAll("tightenings") String more, @ForAll("objects") JsonNode object) {
        JsonNode stored = mutated(before.engine(), object);
        JsonNode restart = stored.deepCopy();
        ((ObjectNode) WorkloadReader.templateNode(restart, kind(restart)))
                .withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put("kubectl.kubernetes.io/restartedAt", "2026-11-28T12:00:00Z");
        PolicyEngine engine = before.and(more).engine();
        JsonNode edited = JsonPatches.apply(
                restart, engine.mutate(request(restart, stored)).patch());
        if (engine.judge(edited).policy().existingViolations() == ExistingViolations.ALLOW) {
            assertThat(engine.decide(request(edited, stored))).isNotInstanceOf(Decision.Denied.class);
        }
        assertThat(engine.mutate(request(edited, stored)).patch()).isEmpty();
    }

    @Property(tries = TRIES)
    @Label("law 9: a refusal says what the status says, all of it, and nothing denied is left out")
    void sameWordsEverywhere(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        PolicyEngine engine = world.engine();
        List<String> judged = engine.judge(object).violations().stream()
                .filter(violation -> violation.action() == ValidationAction.DENY)
                .map(Violation::text)
                .toList();
        Decision decision = engine.decide(request(object, null));
        assertThat(decision instanceof Decision.Denied).isEqualTo(!judged.isEmpty());
        if (decision instanceof Decision.Denied denied) {
            assertThat(denied.causes()).extracting(Cause::message).containsExactlyElementsOf(judged);
            assertThat(judged).allSatisfy(text -> assertThat(denied.message()).contains(text));
        }
        assertThat(decision.warnings()).allSatisfy(line -> {
            assertThat(line).hasSizeLessThanOrEqualTo(Warnings.MAX_LENGTH);
            assertThat(line.chars()).noneMatch(Character::isISOControl);
        });
    }

    @Property(tries = TRIES)
    @Label("law 19: DaemonSets, Jobs, CronJobs, mirror pods, owned ReplicaSets and init containers are never edited")
    void neverEdited(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        PolicyEngine engine = world.engine();
        Mutation mutation = engine.mutate(request(object, null));
        if (Set.of("DaemonSet", "Job", "CronJob").contains(kind(object).kind())) {
            assertThat(mutation.patch()).isEmpty();
        }
        assertThat(podSpec(JsonPatches.apply(object, mutation.patch())).path("initContainers"))
                .isEqualTo(podSpec(object).path("initContainers"));
        if (kind(object).isPod()) {
            JsonNode mirror = object.deepCopy();
            ((ObjectNode) mirror.path("metadata"))
                    .withObjectProperty("annotations")
                    .put("kubernetes.io/config.mirror", "x");
            assertThat(engine.mutate(request(mirror, null)).patch()).isEmpty();
            assertThat(engine.decide(request(mirror, null))).isEqualTo(Decision.Allowed.QUIET);
        }
        if (kind(object).kind().equals("ReplicaSet")) {
            var owned = new Request(
                    object,
                    (JsonNode) null,
                    kind(object),
                    "shop",
                    new Origin(List.of(new Maker(Yaml.DEPLOYMENT, "x")), true),
                    Revisions.NONE);
            assertThat(engine.mutate(owned).patch()).isEmpty();
            assertThat(engine.decide(owned)).isEqualTo(Decision.Allowed.QUIET);
        }
    }

    @Property(tries = TRIES)
    @Label("the record of an injection is written exactly where something was injected")
    void recordOnlyWithInjection(@ForAll("worlds") World world, @ForAll("objects") JsonNode object) {
        JsonNode after = mutated(world.engine(), object);
        boolean recorded = WorkloadReader.templateNode(after, kind(after))
                .path("metadata")
                .path("annotations")
                .has(Annotations.INJECTED);
        assertThat(recorded).isEqualTo(!after.equals(object));
    }
}
