package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.rules.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one engine behind every door: it reads a raw workload, merges the policies that match it, judges it, and decides what to
 * inject and what to answer. Pure but for the policies that it is given; never changes the objects that it is handed.
 */
public final class PolicyEngine {
    private final PolicyLister policies;

    /**
     * An engine.
     *
     * @param policies where policies come from; asked once per call, so that a call judges by one set of them
     */
    public PolicyEngine(PolicyLister policies) {
        this.policies = policies;
    }

    /** What holds for pods with these labels in that namespace. */
    public EffectivePolicy effective(String namespace, Map<String, String> podLabels) {
        return merge(policies.policiesIn(namespace), podLabels);
    }

    /**
     * Answers a mutating review of a request that creates a workload or changes its template or its touch annotation. A
     * compliant object is never edited, and an object is edited only where the policies say Apply.
     *
     * @param object the raw workload
     * @param namespace the request's, where the object names none
     */
    public Mutation mutate(JsonNode object, String namespace) {
        List<CompiledPolicy> candidates = candidates(object, namespace);
        if (candidates.isEmpty()) {
            return Mutation.NONE;
        }
        Workload workload = WorkloadReader.read(object, namespace);
        EffectivePolicy policy = merge(candidates, workload.template().labels());
        PodTemplate template = workload.template();
        return policy.injection().mode() == InjectionMode.APPLY && !isFine(template, violations(template, policy))
                ? mutation(object, workload, policy, Injector.plan(template, policy))
                : Mutation.NONE;
    }

    /**
     * Answers a validating review.
     *
     * @param object the raw workload, as the mutating webhooks left it
     * @param oldObject what it was before; null where it is created
     * @param namespace the request's, where the object names none
     */
    public Decision decide(JsonNode object, @Nullable JsonNode oldObject, String namespace) {
        List<CompiledPolicy> candidates = candidates(object, namespace);
        if (candidates.isEmpty() || sameTemplate(object, oldObject)) {
            return new Decision.Allowed(List.of());
        }
        Workload workload = WorkloadReader.read(object, namespace);
        EffectivePolicy policy = merge(candidates, workload.template().labels());
        List<Violation> violations = violations(workload.template(), policy);
        List<Violation> answerable = violations.isEmpty() || oldObject == null
                ? violations
                : Ratchet.worsened(violations(oldObject, candidates), violations);
        List<Violation> denied = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Violation violation : violations) {
            if (violation.action() == ValidationAction.DENY && answerable.contains(violation)) {
                denied.add(violation);
            } else if (violation.action() != ValidationAction.AUDIT) {
                warnings.add(Warnings.line(workload.name() + ": " + violation.summary()));
            }
        }
        notes(workload.template(), policy).forEach(note -> warnings.add(Warnings.line(workload.name() + ": " + note)));
        return denied.isEmpty() ? new Decision.Allowed(warnings) : DenialText.deny(workload, denied, warnings);
    }

    /** Says where a workload stands, and what injection would make of it. */
    public Judgement judge(JsonNode object) {
        Workload workload = WorkloadReader.read(object, "");
        EffectivePolicy policy =
                effective(workload.namespace(), workload.template().labels());
        List<Violation> violations = violations(workload.template(), policy);
        Injector.Plan plan = Injector.plan(workload.template(), policy);
        List<String> notes = new ArrayList<>(notes(workload.template(), policy));
        notes.addAll(plan.notes());
        return new Judgement(
                workload,
                policy,
                classify(policy, violations, plan),
                violations,
                policy.injection().mode() == InjectionMode.DISABLED || isFine(workload.template(), violations)
                        ? Mutation.NONE
                        : mutation(object, workload, policy, plan),
                plan.record().hash(),
                notes);
    }

    private List<CompiledPolicy> candidates(JsonNode object, String namespace) {
        return policies.policiesIn(object.path("metadata").path("namespace").asText(namespace));
    }

    private static EffectivePolicy merge(List<CompiledPolicy> candidates, Map<String, String> podLabels) {
        return candidates.isEmpty()
                ? EffectivePolicy.NONE
                : RequirementsMerger.merge(candidates.stream()
                        .filter(policy -> policy.matches(podLabels))
                        .toList());
    }

    private static List<Violation> violations(JsonNode oldObject, List<CompiledPolicy> candidates) {
        PodTemplate template = WorkloadReader.read(oldObject, "").template();
        return violations(template, merge(candidates, template.labels()));
    }

    private static List<Violation> violations(PodTemplate template, EffectivePolicy policy) {
        if (policy.isEmpty()) {
            return List.of();
        }
        List<Violation> violations = new ArrayList<>();
        for (Check check : Check.ALL) {
            violations.addAll(check.violations(template, policy));
        }
        return violations;
    }

    private static Classification classify(EffectivePolicy policy, List<Violation> violations, Injector.Plan plan) {
        if (policy.isEmpty()) {
            return Classification.UNMATCHED;
        }
        if (violations.isEmpty()) {
            return Classification.COMPLIANT;
        }
        return !plan.changes().isEmpty() && violations(plan.template(), policy).isEmpty()
                ? Classification.FIXABLE
                : Classification.VIOLATING;
    }

    private static Mutation mutation(JsonNode object, Workload workload, EffectivePolicy policy, Injector.Plan plan) {
        PodTemplate actual = workload.template();
        List<PatchOperation> patch = TemplatePatcher.patch(object, actual, plan.template(), plan.record());
        List<String> warnings = new ArrayList<>();
        if (!patch.isEmpty() && !plan.changes().isEmpty()) {
            warnings.add(Warnings.line(workload.name() + ": " + String.join("; ", plan.changes()) + " ("
                    + policy.injection().source() + ")"));
        }
        plan.notes().forEach(note -> warnings.add(Warnings.line(workload.name() + ": " + note)));
        return new Mutation(patch, warnings);
    }

    /** What the rules can't judge: said, so that nobody takes silence for a pass. */
    private static List<String> notes(PodTemplate template, EffectivePolicy policy) {
        if (!policy.statesBudget()) {
            return List.of();
        }
        List<String> notes = new ArrayList<>();
        for (Container container : template.containers()) {
            if (container.preStop().length() instanceof HookLength.Unknown) {
                notes.add(container.display() + ": nobody can know how long "
                        + container.preStop().describe() + " takes, so it is not judged");
            }
        }
        return notes;
    }

    /** Whether there is nothing to edit: it breaks no rule, and has no hook that Kubernetes would refuse because of ours. */
    private static boolean isFine(PodTemplate template, List<Violation> violations) {
        return violations.isEmpty() && !hasSeveralHandlers(template);
    }

    private static boolean hasSeveralHandlers(PodTemplate template) {
        return template.containers().stream().anyMatch(container -> container.preStop() instanceof PreStop.Several);
    }

    private static boolean sameTemplate(JsonNode object, @Nullable JsonNode oldObject) {
        return oldObject != null
                && object.path("spec")
                        .path("template")
                        .equals(oldObject.path("spec").path("template"));
    }

    /** The touch annotation's value on a workload; empty where it was never touched. */
    public static String touch(JsonNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(Annotations.INJECT)
                .asText("");
    }
}
