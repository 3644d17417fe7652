package io.gracekeeper.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.crds.Annotations;
import io.gracekeeper.crds.ExistingViolations;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Labels;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.rules.Advice;
import io.gracekeeper.policy.rules.AdviceInput;
import io.gracekeeper.policy.rules.Check;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one engine behind every door: it reads a raw workload, merges the policies that match it, judges it, and decides what to
 * inject and what to answer. Pure but for the policies and the clock that it is given; never changes the objects that it is handed.
 */
public final class PolicyEngine {
    private final PolicyLister policies;
    private final WorkloadKinds kinds;
    private final InstantSource clock;

    /**
     * An engine.
     *
     * @param policies where policies come from; asked once per call, so that a call judges by one set of them
     * @param kinds the kinds of workload that are known
     * @param clock what exceptions and broken glasses end by
     */
    public PolicyEngine(PolicyLister policies, WorkloadKinds kinds, InstantSource clock) {
        this.policies = policies;
        this.kinds = kinds;
        this.clock = clock;
    }

    /** The kinds of workload that are known. */
    public WorkloadKinds kinds() {
        return kinds;
    }

    /**
     * What holds for pods of a workload.
     *
     * @param kind of the workload
     * @param podLabels of its template
     */
    public EffectivePolicy effective(WorkloadKind kind, String namespace, Map<String, String> podLabels) {
        return RequirementsMerger.merge(
                matching(policies.policiesIn(namespace).policies(), kind, Origin.NONE, podLabels), List.of());
    }

    /** The request to create an object, by somebody who is no controller; null where the object is no workload. */
    public @Nullable Request creation(JsonNode object, String namespace) {
        return creation(object, namespace, Origin.NONE);
    }

    /** The request to create an object, by whoever made it; null where the object is no workload. */
    public @Nullable Request creation(JsonNode object, String namespace, Origin origin) {
        WorkloadKind kind = kindOf(object);
        return kind == null ? null : new Request(object, null, kind, namespace, origin, Revisions.NONE);
    }

    /** The kind of an object; null where it is no workload that is known. */
    public @Nullable WorkloadKind kindOf(JsonNode object) {
        return kinds.of(
                object.path("apiVersion").asText(""), object.path("kind").asText(""));
    }

    /**
     * Answers a mutating review of a request that creates a workload or changes its template or its touch annotation. A
     * compliant object is never edited, and an object is edited only where the policies say Apply.
     */
    public Mutation mutate(Request request) {
        NamespacePolicies here = policies.policiesIn(namespace(request.object(), request.namespace()));
        if (here.policies().isEmpty() || request.isMirrorPod() || request.isFollower()) {
            return Mutation.NONE;
        }
        Standing standing = stand(request, here, clock.instant());
        if (standing.policy.injection().mode() != InjectionMode.APPLY || standing.isFine()) {
            return Mutation.NONE;
        }
        PodTemplate template = standing.template();
        JsonNode old = request.oldObject();
        Injector.Plan plan = Injector.plan(
                template,
                standing.policy,
                () -> old == null
                        || Injector.isLeftAlone(
                                WorkloadReader.read(old, request.kind(), request.namespace())
                                        .template(),
                                template));
        return mutation(request.object(), standing, plan);
    }

    /** Answers a validating review: of the object as the mutating webhooks left it. */
    public Decision decide(Request request) {
        NamespacePolicies here = policies.policiesIn(namespace(request.object(), request.namespace()));
        if (here.policies().isEmpty() || request.isMirrorPod() || request.isFollower() || request.keepsTemplate()) {
            return Decision.Allowed.QUIET;
        }
        Instant now = clock.instant();
        Standing standing = stand(request, here, now);
        List<Violation> answerable = answerable(request, here, standing, now);
        List<Violation> denied = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Violation violation : standing.violations) {
            if (violation.action() == ValidationAction.DENY && answerable.contains(violation)) {
                denied.add(violation);
            } else if (violation.action() != ValidationAction.AUDIT) {
                warnings.add(standing.warning(violation.summary()));
            }
        }
        standing.notes().forEach(note -> warnings.add(standing.warning(note)));
        Exemptions.notices(standing.exceptions, now).forEach(notice -> warnings.add(standing.warning(notice)));
        return denied.isEmpty()
                ? warnings.isEmpty() ? Decision.Allowed.QUIET : new Decision.Allowed(warnings)
                : refuse(request, standing, denied, warnings, now);
    }

    /** Says where a workload of the cluster stands, made by nobody; an object that is no workload is matched by nothing. */
    public Judgement judge(JsonNode object) {
        return judge(object, Origin.NONE);
    }

    /**
     * Says where a workload of the cluster stands, and what injection would make of it.
     *
     * @param origin who made it
     */
    public Judgement judge(JsonNode object, Origin origin) {
        return judge(object, origin, Surroundings.NONE);
    }

    /**
     * Says where a workload of the cluster stands, what injection would make of it, and what its author should know.
     *
     * @param origin who made it
     * @param around what is known of its surroundings; plays no part but in the advice
     */
    public Judgement judge(JsonNode object, Origin origin, Surroundings around) {
        WorkloadKind known = kindOf(object);
        WorkloadKind kind = known == null
                ? new WorkloadKind("", object.path("kind").asText(""), List.of("spec", "template"), false, Set.of())
                : known;
        var request = new Request(object, null, kind, "", origin, Revisions.NONE);
        NamespacePolicies here = request.isMirrorPod() || request.isFollower()
                ? NamespacePolicies.NONE
                : policies.policiesIn(namespace(object, ""));
        Standing standing = stand(request, here, clock.instant());
        Injector.Plan plan = Injector.plan(standing.template(), standing.policy, () -> true);
        List<String> notes = new ArrayList<>(standing.notes());
        notes.addAll(plan.notes());
        return new Judgement(
                standing.workload,
                standing.policy,
                classify(standing, plan),
                standing.violations,
                standing.forgiven,
                standing.exceptions,
                standing.policy.injection().mode() == InjectionMode.DISABLED || standing.isFine()
                        ? Mutation.NONE
                        : mutation(object, standing, plan),
                plan.record().hash(),
                notes,
                advice(object, standing, around));
    }

    /** A workload, what holds for it, and what it breaks. */
    private record Standing(
            Workload workload,
            EffectivePolicy policy,
            List<CompiledException> exceptions,
            List<Violation> violations,
            List<Violation> forgiven) {
        PodTemplate template() {
            return workload.template();
        }

        /** Whether there is nothing to edit: it breaks no rule, and has no hook that Kubernetes would refuse because of ours. */
        boolean isFine() {
            return violations.isEmpty()
                    && template().containers().stream()
                            .noneMatch(container -> container.preStop() instanceof PreStop.Several);
        }

        String warning(String text) {
            return Warnings.line(workload.name() + ": " + text);
        }

        /** What the rules can't judge: said, so that nobody takes silence for a pass. */
        List<String> notes() {
            if (!policy.statesBudget()) {
                return List.of();
            }
            return template().facts().problems();
        }
    }

    private static Standing stand(Request request, NamespacePolicies here, Instant now) {
        return stand(request, request.object(), here, now);
    }

    private static Standing stand(Request request, JsonNode object, NamespacePolicies here, Instant now) {
        WorkloadKind kind = request.kind();
        Workload workload = WorkloadReader.read(object, kind, request.namespace());
        List<CompiledPolicy> matching = matching(
                here.policies(), kind, request.origin(), workload.template().labels());
        if (matching.isEmpty()) {
            return new Standing(workload, EffectivePolicy.NONE, List.of(), List.of(), List.of());
        }
        EffectivePolicy merged =
                RequirementsMerger.merge(matching, workload.template().containers());
        List<CompiledException> exceptions = Exemptions.inForce(here.exceptions(), workload, request.origin(), now);
        EffectivePolicy policy = Exemptions.apply(merged, exceptions);
        if (!isEditable(request, here)) {
            policy = policy.with(policy.injection().disabled(), policy.outOfSum());
        }
        Exemptions.Outcome outcome = Exemptions.forgive(violations(workload, policy), exceptions);
        return new Standing(workload, policy, exceptions, outcome.left(), outcome.forgiven());
    }

    /**
     * Pods that run to their end or belong to a node are left alone, single pods where their namespace does not ask for it, and
     * ReplicaSets that something controls: their template would no longer be their owner's.
     */
    private static boolean isEditable(Request request, NamespacePolicies here) {
        return request.kind().injectable()
                && request.origin().makers().stream()
                        .allMatch(maker -> maker.kind().injectable())
                && !(request.kind().kind().equals("ReplicaSet") && OriginReader.isControlled(request.object()))
                && (!request.kind().isPod()
                        || Labels.ENABLED.equals(here.namespaceLabels().get(Labels.POD_INJECTION)));
    }

    private static List<CompiledPolicy> matching(
            List<CompiledPolicy> policies, WorkloadKind kind, Origin origin, Map<String, String> podLabels) {
        List<CompiledPolicy> matching = new ArrayList<>(policies.size());
        for (CompiledPolicy policy : policies) {
            if (policy.matches(kind, origin, podLabels)) {
                matching.add(policy);
            }
        }
        return matching;
    }

    private static List<Violation> violations(Workload workload, EffectivePolicy policy) {
        List<Violation> violations = new ArrayList<>();
        var input = new EvaluationInput(workload, policy);
        for (Check check : Check.ALL) {
            violations.addAll(check.violations(input));
        }
        return violations;
    }

    /** What an update is answerable for: everything that it worsens, or everything, where a policy says so. */
    private static List<Violation> answerable(Request request, NamespacePolicies here, Standing standing, Instant now) {
        boolean ratchet = standing.policy.existingViolations() == ExistingViolations.ALLOW;
        if (standing.violations.isEmpty() || !ratchet) {
            return standing.violations;
        }
        JsonNode old = request.oldObject();
        return old == null
                ? standing.violations
                : Ratchet.worsened(stand(request, old, here, now).violations, standing.violations);
    }

    private static Decision refuse(
            Request request, Standing standing, List<Violation> denied, List<String> warnings, Instant now) {
        switch (BreakGlass.of(request.object(), request.oldObject(), now)) {
            case BreakGlass.Active(Instant until, String reason) -> {
                String why = "let through until " + until + " by " + Annotations.BREAK_GLASS;
                return letThrough(standing, why, denied, warnings, Decision.Passage.BREAK_GLASS);
            }
            case BreakGlass.Unusable(String why) ->
                warnings.add(standing.warning(Annotations.BREAK_GLASS + ": " + why));
            case BreakGlass.Absent absent -> {}
        }
        if (request.oldObject() != null
                && !request.revisions().equals(Revisions.NONE)
                && request.revisions()
                        .hold(
                                request.object(),
                                TemplateHash.of(WorkloadReader.templateNode(request.object(), request.kind())))) {
            String why = "let through, since it is a rollback to a revision of its own";
            return letThrough(standing, why, denied, warnings, Decision.Passage.ROLLBACK);
        }
        return DenialText.deny(standing.workload, denied, warnings);
    }

    /** What would have been refused is told all the same. */
    private static Decision letThrough(
            Standing standing, String why, List<Violation> denied, List<String> warnings, Decision.Passage passage) {
        List<String> told = new ArrayList<>();
        told.add(standing.warning(why));
        told.addAll(warnings);
        denied.forEach(violation -> told.add(standing.warning(violation.summary())));
        return new Decision.Allowed(told, passage);
    }

    private static List<Note> advice(JsonNode object, Standing standing, Surroundings around) {
        if (standing.policy.isEmpty()) {
            return List.of();
        }
        var input = new AdviceInput(new EvaluationInput(standing.workload, standing.policy), object, around);
        List<Note> advice = new ArrayList<>();
        for (Advice one : Advice.ALL) {
            advice.addAll(one.advise(input));
        }
        return advice;
    }

    private static Classification classify(Standing standing, Injector.Plan plan) {
        if (standing.policy.isEmpty()) {
            return Classification.UNMATCHED;
        }
        if (standing.violations.isEmpty()) {
            return Classification.COMPLIANT;
        }
        if (plan.changes().isEmpty()) {
            return Classification.VIOLATING;
        }
        Workload workload = standing.workload;
        var planned = new Workload(workload.kind(), workload.namespace(), workload.name(), plan.template());
        List<Violation> after = Exemptions.forgive(violations(planned, standing.policy), standing.exceptions)
                .left();
        return after.isEmpty() ? Classification.FIXABLE : Classification.VIOLATING;
    }

    private static Mutation mutation(JsonNode object, Standing standing, Injector.Plan plan) {
        PodTemplate actual = standing.template();
        List<PatchOperation> patch =
                TemplatePatcher.patch(object, standing.workload.kind(), actual, plan.template(), plan.record());
        List<String> warnings = new ArrayList<>();
        if (!patch.isEmpty() && !plan.changes().isEmpty()) {
            warnings.add(standing.warning(String.join("; ", plan.changes()) + " ("
                    + standing.policy.injection().source() + ")"));
        }
        plan.notes().forEach(note -> warnings.add(standing.warning(note)));
        return new Mutation(patch, warnings);
    }

    private static String namespace(JsonNode object, String namespace) {
        return object.path("metadata").path("namespace").asText(namespace);
    }

    /** The touch annotation's value on a workload; empty where it was never touched. */
    public static String touch(JsonNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(Annotations.INJECT)
                .asText("");
    }
}
