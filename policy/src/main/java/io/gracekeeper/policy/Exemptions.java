package io.gracekeeper.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Applies exceptions after the rules, so that a rule never knows of them. */
final class Exemptions {
    private Exemptions() {}

    /**
     * What is left of violations.
     *
     * @param left those that stand
     * @param forgiven those that an exception lets pass
     */
    record Outcome(List<Violation> left, List<Violation> forgiven) {}

    /** The exceptions that are in force for a workload: those that name it, or a workload that made it. */
    static List<CompiledException> inForce(
            List<CompiledException> exceptions, Workload workload, Origin origin, Instant now) {
        if (exceptions.isEmpty()) {
            return List.of();
        }
        return exceptions.stream()
                .filter(exception -> exception.isFor(workload, origin, now))
                .toList();
    }

    /** Takes terms out of the sum, and ends injection, where an exception says so. */
    static EffectivePolicy apply(EffectivePolicy policy, List<CompiledException> inForce) {
        if (inForce.isEmpty()) {
            return policy;
        }
        Set<String> outOfSum = new HashSet<>();
        boolean skipInjection = false;
        for (CompiledException exception : inForce) {
            skipInjection |= exception.skipInjection();
            if (exception.liftsTerms()) {
                outOfSum.addAll(exception.containers());
            }
        }
        return policy.with(skipInjection ? policy.injection().disabled() : policy.injection(), outOfSum);
    }

    static Outcome forgive(List<Violation> violations, List<CompiledException> inForce) {
        if (inForce.isEmpty() || violations.isEmpty()) {
            return new Outcome(violations, List.of());
        }
        List<Violation> left = new ArrayList<>();
        List<Violation> forgiven = new ArrayList<>();
        for (Violation violation : violations) {
            boolean pass = inForce.stream().anyMatch(exception -> exception.forgives(violation));
            (pass ? forgiven : left).add(violation);
        }
        return new Outcome(left, forgiven);
    }

    /** One sentence for each exception in force that ends within 14 days. */
    static List<String> notices(List<CompiledException> inForce, Instant now) {
        List<String> notices = new ArrayList<>();
        for (CompiledException exception : inForce) {
            if (exception.endsSoon(now)) {
                long days = Duration.between(now, exception.expiresAt()).toDays();
                notices.add("exception " + exception.display() + " ends at " + exception.expiresAt() + ", in " + days
                        + (days == 1 ? " day" : " days"));
            }
        }
        return notices;
    }
}
