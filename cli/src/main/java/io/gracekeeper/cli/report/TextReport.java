package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.check.Inputs;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.check.Verdict;
import java.io.PrintWriter;

/** For people, in a compiler's style: the place first, so that editors and terminals make a link of it. */
public final class TextReport implements Report {
    private final Colours colours;

    /** A report. */
    public TextReport(Colours colours) {
        this.colours = colours;
    }

    @Override
    public void write(CheckResult result, PrintWriter out) {
        for (Verdict verdict : result.verdicts()) {
            verdict.findings().forEach(finding -> write(finding, out));
        }
        out.println(summary(result));
    }

    private void write(Finding finding, PrintWriter out) {
        String place = Words.place(finding);
        out.print((place.isEmpty() ? "" : colours.bold(place) + " ") + colours.severity(finding.severity()) + ": ");
        out.println(finding.rule().isEmpty() ? finding.workload() : finding.workload() + " [" + finding.rule() + "]");
        out.println("  " + Words.sentence(finding));
    }

    private static String where(Inputs inputs) {
        return switch (inputs) {
            case Inputs.Files files -> Words.count(files.count(), "input");
            case Inputs.Cluster(String namespace, int namespaces) ->
                namespace == null ? Words.count(namespaces, "namespace") : "namespace " + namespace;
        };
    }

    /** The last line: how many of what, so that silence is never taken for a pass. */
    private static String summary(CheckResult result) {
        long unmatched = result.verdicts().size() - result.matched();
        long violating = result.violating(Severity.AUDIT);
        StringBuilder line = new StringBuilder();
        line.append(Words.count(result.verdicts().size(), "workload"))
                .append(" in ")
                .append(where(result.inputs()))
                .append(": ")
                .append(result.matched() - violating)
                .append(" fine, ")
                .append(violating)
                .append(" violating");
        if (violating > 0) {
            line.append(" (")
                    .append(Words.count(result.count(Severity.AUDIT), "violation"))
                    .append(')');
        }
        if (unmatched > 0) {
            line.append(", ").append(unmatched).append(" that no policy speaks about");
        }
        if (!result.unreadable().isEmpty()) {
            line.append(", ")
                    .append(Words.count(result.unreadable().size(), "problem"))
                    .append(" with the input");
        }
        if (result.skipped() > 0) {
            line.append("; ")
                    .append(Words.count(result.skipped(), "document"))
                    .append(" without apiVersion and kind skipped");
        }
        return line.toString();
    }
}
