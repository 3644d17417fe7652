package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.check.Verdict;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.PrintWriter;

/**
 * Workflow commands of GitHub Actions, which become annotations of a pull request's lines.
 *
 * @see <a href="https://docs.github.com/actions/reference/workflow-commands-for-github-actions">workflow commands</a>
 */
public final class GithubReport implements Report {
    @Override
    public void write(CheckResult result, PrintWriter out) {
        for (Verdict verdict : result.verdicts()) {
            for (Finding finding : verdict.findings()) {
                String title =
                        finding.rule().isEmpty() ? finding.workload() : finding.rule() + ": " + finding.workload();
                command(
                        level(finding.severity()),
                        place(
                                finding.input(),
                                finding.position().line(),
                                finding.position().column()),
                        title,
                        Words.sentence(finding),
                        out);
            }
        }
        for (Unreadable problem : result.unreadable()) {
            String place = problem.position() == null
                    ? "file=" + property(problem.input())
                    : place(
                            problem.input(),
                            problem.position().line(),
                            problem.position().column());
            command("error", place, "unreadable", problem.problem(), out);
        }
    }

    private static void command(String level, String place, String title, String message, PrintWriter out) {
        out.println("::" + level + " " + place + ",title=" + property(title) + "::" + data(message));
    }

    private static String place(String file, int line, int column) {
        return line == 0 ? "file=" + property(file) : "file=" + property(file) + ",line=" + line + ",col=" + column;
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case DENY -> "error";
            case WARN -> "warning";
            case AUDIT, NOTE -> "notice";
        };
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
