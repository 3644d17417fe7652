package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.manifest.Position;
import io.gracekeeper.policy.Classification;

/** Words that several forms share. */
public final class Words {
    private Words() {}

    /** As the policies' status calls it. */
    public static String classification(Classification classification) {
        return switch (classification) {
            case UNMATCHED -> "Unmatched";
            case COMPLIANT -> "Compliant";
            case FIXABLE -> "Fixable";
            case VIOLATING -> "Violating";
        };
    }

    /** The field, the sentence, and the fix on indented lines below, as in a denial. */
    static String sentence(Finding finding) {
        String message = finding.field().isEmpty() ? finding.message() : finding.field() + ": " + finding.message();
        return finding.fix() == null
                ? message
                : message + " Fix:\n    " + finding.fix().replace("\n", "\n    ");
    }

    /** Where it is, in a compiler's style with a colon behind it; empty for the cluster, where the workload's name says it all. */
    static String place(Finding finding) {
        if (finding.input().isEmpty()) {
            return "";
        }
        Position at = finding.position();
        return finding.input() + ":" + (at.isSomewhere() ? at.line() + ":" + at.column() + ":" : "");
    }

    /** "1 workload", "2 workloads". */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
