package io.gracekeeper.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.List;

/** Plays policies through over workloads, as if they were in force, with injection on. */
public final class Simulation {
    private Simulation() {}

    /** What becomes of a workload. */
    public enum Fate {
        /** No policy speaks about it. */
        UNMATCHED,
        /** It complies, and stays as it is. */
        COMPLIANT,
        /** It is edited, and complies then. */
        INJECTED,
        /** Its next create, or an update that worsens it, is refused. */
        REFUSED,
        /** Its author is warned. */
        WARNED,
        /** It is counted. */
        COUNTED
    }

    /**
     * What becomes of one workload.
     *
     * @param workload for instance {@code Deployment shop/checkout}
     * @param fate in short
     * @param changes what is injected; empty where nothing is
     * @param replicas pods that a rollout of it replaces
     * @param graceBefore seconds
     * @param graceAfter seconds
     * @param paced whether the operator would start that rollout by itself
     * @param dryRun whether the policy's mode is DryRun, so that all this is only counted for now
     * @param violations what stands in the way, of what is refused, warned or counted
     */
    public record Result(
            String workload,
            Fate fate,
            List<String> changes,
            long replicas,
            long graceBefore,
            long graceAfter,
            boolean paced,
            boolean dryRun,
            List<Violation> violations) {
        /** Copies the lists. */
        public Result {
            changes = List.copyOf(changes);
            violations = List.copyOf(violations);
        }
    }

    /** Plays all of them through. Those that another one made, and that no policy speaks about, are left out, as by {@code check}. */
    public static List<Result> of(List<ManifestObject> objects, WorkloadJudge judge) {
        List<Result> results = new ArrayList<>();
        for (ManifestObject object : objects) {
            Result result = of(object, judge);
            if (result.fate() != Fate.UNMATCHED || !judge.isChild(object)) {
                results.add(result);
            }
        }
        return results;
    }

    private static Result of(ManifestObject object, WorkloadJudge judge) {
        JsonNode placed = judge.inNamespace(object);
        Judgement now = judge.judge(object);
        boolean edited = !now.injection().patch().isEmpty();
        Judgement then = edited
                ? judge.judge(new ManifestObject(object.input(), now.injection().applyTo(placed), object.text()))
                : now;
        return new Result(
                now.workload().display(),
                fate(now, then, edited),
                edited ? changes(now) : List.of(),
                replicas(object.json()),
                grace(now),
                grace(then),
                edited && now.policy().injection().existing() == ExistingMode.PACED,
                now.policy().injection().mode() == InjectionMode.DRY_RUN,
                then.violations());
    }

    private static Fate fate(Judgement now, Judgement then, boolean edited) {
        if (now.classification() == Classification.UNMATCHED) {
            return Fate.UNMATCHED;
        }
        if (then.violations().isEmpty()) {
            return edited ? Fate.INJECTED : Fate.COMPLIANT;
        }
        return switch (strongest(then.violations())) {
            case DENY -> Fate.REFUSED;
            case WARN -> Fate.WARNED;
            case AUDIT -> Fate.COUNTED;
        };
    }

    private static ValidationAction strongest(List<Violation> violations) {
        ValidationAction strongest = ValidationAction.AUDIT;
        for (Violation violation : violations) {
            if (violation.action() == ValidationAction.DENY) {
                return ValidationAction.DENY;
            }
            if (violation.action() == ValidationAction.WARN) {
                strongest = ValidationAction.WARN;
            }
        }
        return strongest;
    }

    /** The engine's own words for what it injects: {@code gracekeeper: cart: app: preStop sleep 10; grace 30 -> 35 (gsp/web)}. */
    private static List<String> changes(Judgement judgement) {
        String prefix = "gracekeeper: " + judgement.workload().name() + ": ";
        return judgement.injection().warnings().stream()
                .map(warning -> warning.startsWith(prefix) ? warning.substring(prefix.length()) : warning)
                .toList();
    }

    /** As the object says; 1 where it doesn't, which is Kubernetes' default. */
    private static long replicas(JsonNode object) {
        JsonNode desired = object.path("status").path("desiredNumberScheduled");
        return desired.isIntegralNumber()
                ? desired.longValue()
                : object.path("spec").path("replicas").asLong(1);
    }

    private static long grace(Judgement judgement) {
        return judgement.workload().template().graceSeconds();
    }
}
