package io.gracekeeper.operator.policy;

import io.gracekeeper.crds.ValidationAction;
import io.gracekeeper.operator.event.EventReason;
import io.gracekeeper.operator.event.EventRecorder;
import io.gracekeeper.operator.workload.Finding;
import io.gracekeeper.operator.workload.NamespaceChange;
import io.gracekeeper.policy.BreakGlass;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Rule;
import io.gracekeeper.policy.Violation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells on workloads what they newly break: one Event per workload and change. What only Audit asks for is counted and not told, and
 * what was found while the process started is no news.
 */
public final class FindingEvents {
    private final EventRecorder events;
    private final BooleanSupplier isLeader;

    private record Broken(Rule rule, @Nullable String container) {}

    /** Sends nothing while another process leads. */
    public FindingEvents(EventRecorder events, BooleanSupplier isLeader) {
        this.events = events;
        this.isLeader = isLeader;
    }

    /** Tells what is new. */
    public void changed(NamespaceChange change) {
        if (!change.isNews() || !change.findingsChanged() || !isLeader.getAsBoolean()) {
            return;
        }
        Map<String, Finding> before = new HashMap<>();
        change.before().forEach(finding -> before.put(finding.uid(), finding));
        for (Finding finding : change.after()) {
            Finding old = before.get(finding.uid());
            violations(finding, old);
            breakGlass(finding, old);
        }
    }

    private void violations(Finding finding, @Nullable Finding old) {
        Set<Broken> known = old == null ? Set.of() : broken(old);
        List<Violation> fresh = told(finding)
                .filter(violation -> !known.contains(new Broken(violation.rule(), violation.container())))
                .toList();
        if (fresh.isEmpty()) {
            return;
        }
        Violation first = fresh.get(0);
        String others = fresh.stream()
                .skip(1)
                .map(violation -> violation.rule().word())
                .distinct()
                .collect(Collectors.joining(", "));
        events.record(
                finding.reference(),
                EventReason.POLICY_VIOLATION,
                first.rule().word() + ": " + first.text() + (others.isEmpty() ? "" : "\nAlso: " + others));
    }

    private static Stream<Violation> told(Finding finding) {
        return finding.classification() == Classification.VIOLATING
                ? finding.violations().stream().filter(violation -> violation.action() != ValidationAction.AUDIT)
                : Stream.empty();
    }

    private static Set<Broken> broken(Finding finding) {
        Set<Broken> broken = new HashSet<>();
        told(finding).forEach(violation -> broken.add(new Broken(violation.rule(), violation.container())));
        return broken;
    }

    private void breakGlass(Finding finding, @Nullable Finding old) {
        BreakGlass.Active now = finding.breakGlass();
        boolean denied =
                finding.violations().stream().anyMatch(violation -> violation.action() == ValidationAction.DENY);
        if (now != null && denied && (old == null || !now.equals(old.breakGlass()))) {
            events.record(
                    finding.reference(),
                    EventReason.BREAK_GLASS,
                    "Let through until " + now.until() + " although policies refuse it: " + now.reason());
        }
    }
}
