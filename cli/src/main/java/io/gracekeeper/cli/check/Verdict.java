package io.gracekeeper.cli.check;

import io.gracekeeper.policy.Classification;
import java.util.List;

/**
 * What came of one workload.
 *
 * @param input the file, as the user wrote it; empty for the cluster
 * @param workload for instance {@code Deployment shop/checkout}
 * @param classification where it stands
 * @param injected whether injection at admission makes good everything that is wrong
 * @param findings in the order of the rules
 */
public record Verdict(
        String input, String workload, Classification classification, boolean injected, List<Finding> findings) {
    /** Copies the list. */
    public Verdict {
        findings = List.copyOf(findings);
    }

    /** How many findings weigh at least that much. */
    public long count(Severity from) {
        return findings.stream()
                .filter(finding -> finding.severity().compareTo(from) >= 0)
                .count();
    }
}
