package io.gracekeeper.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.policy.Decision;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Surroundings;
import io.gracekeeper.policy.SurroundingsReader;
import io.gracekeeper.policy.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs cases: what the engine says of the object, beside what is expected. Keys that are not expected are not compared. */
public final class CaseRun {
    private final EngineSettings settings;
    private final Consumer<Consumer<ManifestObject>> sharedPolicies;

    /**
     * A run.
     *
     * @param sharedPolicies hands out the policies of cases that have no {@code policy.yaml}
     */
    public CaseRun(EngineSettings settings, Consumer<Consumer<ManifestObject>> sharedPolicies) {
        this.settings = settings;
        this.sharedPolicies = sharedPolicies;
    }

    /**
     * What came of a case.
     *
     * @param name the folder, seen from where the search began
     * @param differences one line each; empty where all is as expected
     * @param actual what the engine says, whole, in the form of {@code expected.yaml}
     */
    public record Outcome(String name, List<String> differences, JsonNode actual) {
        /** Copies the list. */
        public Outcome {
            differences = List.copyOf(differences);
        }
    }

    /**
     * Runs every case in a folder and below it.
     *
     * @throws IOException if a file can't be read
     */
    public List<Outcome> below(Path root, Instant now) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (CaseFolder folder : CaseFolder.below(root, now)) {
            String name = root.toAbsolutePath().relativize(folder.folder()).toString();
            outcomes.add(run(name.isEmpty() ? folder.folder().getFileName().toString() : name, folder));
        }
        return outcomes;
    }

    private Outcome run(String name, CaseFolder folder) throws IOException {
        try {
            JsonNode actual = actual(folder);
            return new Outcome(name, differences(folder.expected(), actual), actual);
        } catch (InvalidCase invalid) {
            return new Outcome(
                    name, List.of(String.valueOf(invalid.getMessage())), JsonNodeFactory.instance.objectNode());
        }
    }

    private JsonNode actual(CaseFolder folder) throws IOException {
        var reader = new PolicyReader(settings, CaseRun::refuse);
        if (folder.has("policy.yaml")) {
            folder.objects("policy.yaml").forEach(reader::object);
        } else {
            sharedPolicies.accept(reader::object);
        }
        ManifestObject object = folder.object("object.yaml");
        String namespace = object.namespace().isEmpty() ? null : object.namespace();
        var judge = new WorkloadJudge(
                reader.policies(namespace),
                settings,
                InstantSource.fixed(folder.now()),
                new WorkloadJudge.Facts(owners(folder), surroundings(folder)));
        if (!judge.isWorkload(object)) {
            throw new InvalidCase("object.yaml: " + object.kind() + " is no workload");
        }
        JsonNode old = folder.has("old.yaml") ? judge.inNamespace(folder.object("old.yaml")) : null;
        return answer(judge, object, old, folder.has("makers.yaml"));
    }

    /** Who controls the workloads above the object. */
    private OriginReader.Owners owners(CaseFolder folder) throws IOException {
        List<ManifestObject> makers = folder.objects("makers.yaml");
        return (namespace, kind, name) -> makers.stream()
                .filter(maker ->
                        maker.kind().equals(kind.kind()) && maker.name().equals(name))
                .map(maker -> OriginReader.controllerOf(maker.json(), settings.kinds()))
                .findFirst()
                .orElseGet(OriginReader.Owner.Unknown::new);
    }

    /** As a cluster whose objects were all seen; nothing is known where the case says nothing. */
    private static Surroundings surroundings(CaseFolder folder) throws IOException {
        if (!folder.has("surroundings.yaml")) {
            return Surroundings.NONE;
        }
        var around = new SurroundingsReader();
        folder.objects("surroundings.yaml").forEach(object -> around.read(object.json()));
        return around.complete().surroundings();
    }

    private static void refuse(Unreadable problem) {
        throw new InvalidCase(problem.display());
    }

    /**
     * What is said of a case.
     *
     * @param made whether the controller that its ownerReferences name makes it, and no person
     */
    private static JsonNode answer(WorkloadJudge judge, ManifestObject object, @Nullable JsonNode old, boolean made) {
        PolicyEngine engine = judge.engine();
        JsonNode placed = judge.inNamespace(object);
        Origin origin = made ? judge.storedOrigin(placed) : Origin.NONE;
        Judgement judgement = judge.judge(placed, origin);
        Request created = engine.creation(placed, "", origin);
        if (created == null) {
            throw new InvalidCase("object.yaml: no workload");
        }
        Mutation mutation = engine.mutate(with(created, placed, old));
        Decision decision = engine.decide(with(created, mutation.applyTo(placed), old));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("classification", judgement.classification().name());
        ArrayNode violations = answer.putArray("violations");
        for (Violation violation : judgement.violations()) {
            violations
                    .addObject()
                    .put("rule", violation.rule().word())
                    .put("field", violation.field())
                    .put("message", violation.text());
        }
        answer.put("allowed", decision instanceof Decision.Allowed);
        ArrayNode warnings = answer.putArray("warnings");
        mutation.warnings().forEach(warnings::add);
        decision.warnings().forEach(warnings::add);
        ArrayNode advice = answer.putArray("advice");
        for (Note note : judgement.advice()) {
            advice.addObject()
                    .put("rule", note.rule().word())
                    .put("field", note.field())
                    .put("message", note.message());
        }
        return answer;
    }

    private static Request with(Request created, JsonNode object, @Nullable JsonNode old) {
        return new Request(object, old, created.kind(), created.namespace(), created.origin(), created.revisions());
    }

    private static List<String> differences(JsonNode expected, JsonNode actual) {
        List<String> differences = new ArrayList<>();
        if (!expected.isObject()) {
            differences.add("expected.yaml says nothing");
        }
        for (Map.Entry<String, JsonNode> member : expected.properties()) {
            String key = member.getKey();
            JsonNode said = actual.path(key);
            if (key.equals("description")) {
                continue;
            }
            if (said.isMissingNode()) {
                differences.add(key + ": is nothing that can be expected");
            } else if (!matches(member.getValue(), said)) {
                differences.add(key + ":\n  expected " + member.getValue() + "\n  but was  " + said);
            }
        }
        return differences;
    }

    /** Of objects, what is expected has to be there; lists are whole; words may be written as statuses show them. */
    private static boolean matches(JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            return expected.properties().stream()
                    .allMatch(member -> matches(member.getValue(), actual.path(member.getKey())));
        }
        if (expected.isArray() && actual.isArray()) {
            boolean same = expected.size() == actual.size();
            for (int i = 0; same && i < expected.size(); i++) {
                same = matches(expected.get(i), actual.get(i));
            }
            return same;
        }
        if (expected.isTextual() && actual.isTextual()) {
            return expected.textValue()
                    .strip()
                    .equalsIgnoreCase(actual.textValue().strip());
        }
        return expected.equals(actual);
    }
}
