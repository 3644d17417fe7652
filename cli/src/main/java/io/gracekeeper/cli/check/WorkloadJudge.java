package io.gracekeeper.cli.check;

import java.time.InstantSource;
import io.gracekeeper.policy.WorkloadKinds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.policies.PolicySet;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.EngineSettings;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The engine, on objects of manifests. Safe for several threads at once. */
public final class WorkloadJudge {
    private final PolicyEngine engine;
    private final String defaultNamespace;

    /**
     * A judge.
     *
     * @param defaultNamespace of objects that name none
     */
    public WorkloadJudge(PolicySet policies, EngineSettings limits, String defaultNamespace) {
        PolicySnapshot snapshot = PolicySnapshot.of(policies.policies(), limits);
        engine = new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.system());
        this.defaultNamespace = defaultNamespace;
    }

    /** Whether the engine judges such objects at all. */
    public boolean isWorkload(ManifestObject object) {
        return object.kind().equals("Deployment") && object.apiVersion().equals("apps/v1");
    }

    /** Judges a workload as it stands. */
    public Judgement judge(JsonNode object) {
        return engine.judge(object);
    }

    /** The object as it arrives in the cluster: in a namespace. */
    public JsonNode inNamespace(ManifestObject object) {
        if (!object.namespace().isEmpty() || !(object.json() instanceof ObjectNode original)) {
            return object.json();
        }
        ObjectNode placed = original.objectNode().setAll(original);
        ObjectNode metadata = original.objectNode();
        if (original.path("metadata") instanceof ObjectNode written) {
            metadata.setAll(written);
        }
        placed.set("metadata", metadata.put("namespace", defaultNamespace));
        return placed;
    }

    /** Judges a workload as its author would see it judged by the cluster. */
    public Verdict verdict(ManifestObject object) {
        JsonNode placed = inNamespace(object);
        Judgement judgement = judge(placed);
        Set<Violation> refused = refused(placed, judgement);
        List<Finding> findings = new ArrayList<>();
        for (Violation violation : judgement.violations()) {
            findings.add(finding(object, judgement, violation, refused.contains(violation)));
        }
        String workload = judgement.workload().display();
        for (String note : judgement.notes()) {
            findings.add(new Finding(
                    object.input().name(),
                    object.position("spec.template"),
                    workload,
                    Severity.NOTE,
                    "",
                    "",
                    note,
                    null,
                    ""));
        }
        boolean injected = !judgement.violations().isEmpty() && refused.isEmpty();
        return new Verdict(object.input().name(), workload, judgement.classification(), injected, findings);
    }

    /** What is left of the violations after the injection that a policy in force makes at admission. */
    private Set<Violation> refused(JsonNode placed, Judgement judgement) {
        boolean applies = judgement.policy().injection().mode() == InjectionMode.APPLY
                && !judgement.injection().isEmpty();
        return new HashSet<>(
                applies
                        ? judge(JsonPatch.apply(placed, judgement.injection().patch()))
                                .violations()
                        : judgement.violations());
    }

    private static Finding finding(ManifestObject object, Judgement judgement, Violation violation, boolean counts) {
        return new Finding(
                object.input().name(),
                object.position(violation.field()),
                judgement.workload().display(),
                counts ? Severity.of(violation.action()) : Severity.NOTE,
                violation.rule().word(),
                violation.field(),
                violation.message()
                        + (counts
                                ? ""
                                : " Gracekeeper makes that good at admission ("
                                        + judgement.policy().injection().source() + ")."),
                violation.fix(),
                violation.policy().toString());
    }
}
