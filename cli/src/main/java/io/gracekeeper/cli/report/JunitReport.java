package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.check.Verdict;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.policy.Classification;
import java.io.PrintWriter;
import java.util.List;

/** JUnit's XML, as every CI server shows it: a test case per workload, and one per problem with the input. */
public final class JunitReport implements Report {
    @Override
    public void write(CheckResult result, PrintWriter out) {
        int cases = result.verdicts().size() + result.unreadable().size();
        out.println("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        out.println("<testsuites>");
        out.println("  <testsuite name=\"gracekeeper\" tests=\"" + cases + "\" failures=\""
                + result.violating(Severity.AUDIT) + "\" errors=\""
                + result.unreadable().size() + "\" skipped=\""
                + (result.verdicts().size() - result.matched()) + "\">");
        result.verdicts().forEach(verdict -> write(verdict, out));
        for (Unreadable problem : result.unreadable()) {
            open(problem.input(), "input", out);
            out.println(">");
            out.println("      <error message=\"" + escape(problem.problem()) + "\">" + escape(problem.display())
                    + "</error>");
            out.println("    </testcase>");
        }
        out.println("  </testsuite>");
        out.println("</testsuites>");
    }

    private static void write(Verdict verdict, PrintWriter out) {
        List<Finding> failures = verdict.findings().stream()
                .filter(finding -> finding.severity() != Severity.NOTE)
                .toList();
        open(verdict.input(), verdict.workload(), out);
        if (failures.isEmpty() && verdict.classification() != Classification.UNMATCHED) {
            out.println("/>");
            return;
        }
        out.println(">");
        if (failures.isEmpty()) {
            out.println("      <skipped message=\"no policy speaks about it\"/>");
        }
        for (Finding finding : failures) {
            out.println("      <failure type=\"" + escape(finding.rule()) + "\" message=\"" + escape(finding.message())
                    + "\">"
                    + escape((Words.place(finding) + " " + Words.sentence(finding)).strip())
                    + "</failure>");
        }
        out.println("    </testcase>");
    }

    private static void open(String file, String name, PrintWriter out) {
        out.print("    <testcase classname=\"" + escape(file.isEmpty() ? "cluster" : file) + "\" name=\"" + escape(name)
                + "\"");
    }

    /** For XML 1.0, which has no way to write most control characters. */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\n' -> escaped.append("&#10;");
                case '\t' -> escaped.append("&#9;");
                default -> escaped.appendCodePoint(isXml(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isXml(int c) {
        return (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
    }
}
