package io.gracekeeper.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.policies.ManifestPolicies;
import io.gracekeeper.cli.policies.PolicySet;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Mutation;
import io.gracekeeper.policy.Note;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.Request;
import io.gracekeeper.policy.Surroundings;
import io.gracekeeper.policy.Violation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The engine, on objects of manifests. Safe for several threads at once. */
public final class WorkloadJudge {
    private final PolicyEngine engine;
    private final ManifestPolicies policies;
    private final OriginReader origins;
    private final Surroundings around;
    private final String defaultNamespace;

    /**
     * What is known besides policies and the object itself.
     *
     * @param owners who made what
     * @param around plays no part but in the advice
     */
    public record Facts(OriginReader.Owners owners, Surroundings around) {
        /** Nothing is known. */
        public static final Facts NONE = new Facts(OriginReader.Owners.UNKNOWN, Surroundings.NONE);
    }

    /**
     * A judge.
     *
     * @param clock what exceptions end by
     */
    public WorkloadJudge(PolicySet set, EngineSettings settings, InstantSource clock, Facts facts) {
        policies = new ManifestPolicies(set, settings);
        engine = new PolicyEngine(policies, settings.kinds(), clock);
        defaultNamespace = set.defaultNamespace();
        origins = new OriginReader(settings.kinds(), facts.owners());
        around = facts.around();
    }

    /** Whether the engine judges such objects at all. */
    public boolean isWorkload(ManifestObject object) {
        return object.isObject() && engine.kindOf(object.json()) != null;
    }

    /** Whether another workload made it, so that nobody would count it beside that one. Known of objects of a cluster alone. */
    public boolean isChild(ManifestObject object) {
        return !origin(object).isNone();
    }

    /** The engine itself. */
    public PolicyEngine engine() {
        return engine;
    }

    /** What had to be assumed in order to judge; empty where everything was known. */
    public List<String> assumptions() {
        var namespaces = new TreeSet<>(policies.assumed());
        return namespaces.isEmpty()
                ? List.of()
                : List.of("the labels of namespace " + String.join(", ", namespaces)
                        + " are unknown, so every cluster policy is taken to select it: name the Namespace's manifest"
                        + " among the inputs, or give its labels by --namespace-labels");
    }

    /** The object as it arrives in the cluster: in a namespace. */
    public JsonNode inNamespace(ManifestObject object) {
        return object.inNamespace(defaultNamespace);
    }

    /** Where a workload stands as it is. */
    public Judgement judge(ManifestObject object) {
        return judge(inNamespace(object));
    }

    /**
     * Who made a workload: of what a cluster has (it has a uid), its ownerReferences tell. A manifest that is still to be applied is
     * its author's, whatever it says.
     */
    public Origin origin(ManifestObject object) {
        return origin(inNamespace(object));
    }

    private Origin origin(JsonNode placed) {
        return placed.path("metadata").path("uid").asText("").isEmpty() ? Origin.NONE : storedOrigin(placed);
    }

    /** Who made a workload, by its ownerReferences and what is known besides. */
    public Origin storedOrigin(JsonNode placed) {
        return origins.ofStored(
                placed, placed.path("metadata").path("namespace").asText(""));
    }

    private Judgement judge(JsonNode placed) {
        return judge(placed, origin(placed));
    }

    /** Where a workload stands that is in its namespace, given who made it. */
    public Judgement judge(JsonNode placed, Origin origin) {
        return engine.judge(placed, origin, around);
    }

    /** What would be injected into a workload that is created now; empty where the policies don't say Apply. */
    public Mutation injection(JsonNode placed) {
        Request request = engine.creation(placed, defaultNamespace, origin(placed));
        return request == null ? Mutation.NONE : engine.mutate(request);
    }

    /** Judges a workload as its author would see it judged by the cluster. */
    public Verdict verdict(ManifestObject object) {
        JsonNode placed = inNamespace(object);
        Judgement judgement = judge(placed);
        List<Violation> left = judgement.violations().isEmpty() ? List.of() : left(placed, judgement);
        List<Finding> findings = new ArrayList<>();
        for (Violation violation : judgement.violations()) {
            boolean counts = left.stream()
                    .anyMatch(other ->
                            other.rule() == violation.rule() && other.field().equals(violation.field()));
            findings.add(
                    counts
                            ? finding(object, judgement, violation, Severity.of(violation.action()), "")
                            : finding(
                                    object,
                                    judgement,
                                    violation,
                                    Severity.NOTE,
                                    " Injected at admission by "
                                            + judgement.policy().injection().source() + "."));
        }
        for (Violation violation : judgement.forgiven()) {
            findings.add(finding(object, judgement, violation, Severity.NOTE, forgiven(judgement)));
        }
        judgement.notes().forEach(note -> findings.add(note(object, judgement, note)));
        judgement.advice().forEach(note -> findings.add(advice(object, judgement, note)));
        return new Verdict(
                object.input().name(),
                judgement.workload().display(),
                judgement.classification(),
                !judgement.violations().isEmpty() && left.isEmpty(),
                findings);
    }

    /** What is left of the violations after the injection that a policy in force makes at admission. */
    public List<Violation> left(ManifestObject object, Judgement judgement) {
        return judgement.violations().isEmpty() ? List.of() : left(inNamespace(object), judgement);
    }

    private List<Violation> left(JsonNode placed, Judgement judgement) {
        Mutation injection = injection(placed);
        return injection.isEmpty()
                ? judgement.violations()
                : judge(injection.applyTo(placed)).violations();
    }

    private static String forgiven(Judgement judgement) {
        return " Forgiven by "
                + judgement.exceptions().stream()
                        .map(exception -> "exception " + exception.display() + " until " + exception.expiresAt())
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private static Finding note(ManifestObject object, Judgement judgement, String note) {
        return new Finding(
                object.input().name(),
                object.position("metadata.name"),
                judgement.workload().display(),
                Severity.NOTE,
                "",
                "",
                note,
                null,
                "");
    }

    private static Finding advice(ManifestObject object, Judgement judgement, Note note) {
        return new Finding(
                object.input().name(),
                object.position(note.field()),
                judgement.workload().display(),
                Severity.NOTE,
                note.rule().word(),
                note.field(),
                note.message(),
                null,
                "");
    }

    private static Finding finding(
            ManifestObject object, Judgement judgement, Violation violation, Severity severity, String remark) {
        return new Finding(
                object.input().name(),
                object.position(violation.field()),
                judgement.workload().display(),
                severity,
                violation.rule().word(),
                violation.field(),
                violation.message() + remark,
                violation.fix(),
                violation.policy().toString());
    }
}
