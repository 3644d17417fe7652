package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
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
        String place = finding.input() + ":" + finding.position().line() + ":"
                + finding.position().column() + ":";
        out.print(colours.bold(place) + " " + colours.severity(finding.severity()) + ": ");
        out.println(finding.rule().isEmpty() ? finding.workload() : finding.workload() + " [" + finding.rule() + "]");
        out.print("  ");
        out.print(finding.field().isEmpty() ? finding.message() : finding.field() + ": " + finding.message());
        if (finding.fix() == null) {
            out.println();
        } else {
            out.println(" Fix:");
            out.println("    " + finding.fix().replace("\n", "\n    "));
        }
    }

    /** The last line: how many of what, so that silence is never taken for a pass. */
    private static String summary(CheckResult result) {
        long unmatched = result.verdicts().size() - result.matched();
        long violating = result.violating(Severity.AUDIT);
        StringBuilder line = new StringBuilder();
        line.append(count(result.verdicts().size(), "workload"))
                .append(" in ")
                .append(count(result.inputs(), "input"))
                .append(": ")
                .append(result.matched() - violating)
                .append(" fine, ")
                .append(violating)
                .append(" violating");
        if (violating > 0) {
            line.append(" (")
                    .append(count(result.count(Severity.AUDIT), "violation"))
                    .append(')');
        }
        if (unmatched > 0) {
            line.append(", ").append(unmatched).append(" that no policy speaks about");
        }
        if (!result.unreadable().isEmpty()) {
            line.append(", ")
                    .append(count(result.unreadable().size(), "problem"))
                    .append(" with the input");
        }
        if (result.skipped() > 0) {
            line.append("; ")
                    .append(count(result.skipped(), "document"))
                    .append(" without apiVersion and kind skipped");
        }
        return line.toString();
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
