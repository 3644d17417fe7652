package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.policy.Classification;
import java.util.List;

/**
 * What came of a whole check.
 *
 * @param inputs where the workloads come from
 * @param verdicts of all workloads, in the order of the inputs
 * @param unreadable what could not be read or used
 * @param skipped documents that are no Kubernetes objects
 * @param notes what the user should know about the run as a whole
 */
public record CheckResult(
        Inputs inputs, List<Verdict> verdicts, List<Unreadable> unreadable, int skipped, List<String> notes) {
    /** Copies the lists. */
    public CheckResult {
        verdicts = List.copyOf(verdicts);
        unreadable = List.copyOf(unreadable);
        notes = List.copyOf(notes);
    }

    /** Workloads that a policy speaks about. */
    public long matched() {
        return verdicts.stream()
                .filter(verdict -> verdict.classification() != Classification.UNMATCHED)
                .count();
    }

    /** Findings that weigh at least that much. */
    public long count(Severity from) {
        return verdicts.stream().mapToLong(verdict -> verdict.count(from)).sum();
    }

    /** Workloads with a finding that weighs at least that much. */
    public long violating(Severity from) {
        return verdicts.stream().filter(verdict -> verdict.count(from) > 0).count();
    }
}
