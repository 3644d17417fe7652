package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Finding;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.check.Verdict;
import io.gracekeeper.cli.manifest.Position;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

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
                        place(finding.input(), finding.position()),
                        title,
                        Words.sentence(finding),
                        out);
            }
        }
        for (Unreadable problem : result.unreadable()) {
            command("error", place(problem.input(), problem.position()), "unreadable", problem.problem(), out);
        }
    }

    private static void command(String level, String place, String title, String message, PrintWriter out) {
        out.println("::" + level + " " + place + "title=" + property(title) + "::" + data(message));
    }

    /** The properties before the title; none for the cluster, which is in no file. */
    private static String place(String file, @Nullable Position at) {
        if (file.isEmpty()) {
            return "";
        }
        String line = at != null && at.isSomewhere() ? ",line=" + at.line() + ",col=" + at.column() : "";
        return "file=" + property(file) + line + ",";
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
