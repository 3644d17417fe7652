package io.gracekeeper.cli.command;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.Severity;
import io.gracekeeper.cli.report.GithubReport;
import io.gracekeeper.cli.report.JsonReport;
import io.gracekeeper.cli.report.JunitReport;
import io.gracekeeper.cli.report.Report;
import io.gracekeeper.cli.report.SarifReport;
import io.gracekeeper.cli.report.TextReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code check}: judges manifests as the cluster would. */
@Command(
        name = "check",
        description = "Judges workloads by policies, in the same words as the cluster.",
        footer = {
            "",
            "Exit codes: 0 clean, 1 violations, 2 wrong usage, 3 unreadable input (the rest is judged all the same).",
            "",
            "  helm template ./chart | kubectl gracekeeper check --policy policies/ -",
            "  kustomize build overlays/prod | kubectl gracekeeper check --policy policies/ -o github -"
        })
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Format output = Format.text;

    @Option(
            names = "--fail-on",
            paramLabel = "ACTION",
            defaultValue = "Audit",
            description =
                    "The weakest action of a policy that makes the exit code 1: Deny, Warn or Audit (default: ${DEFAULT-VALUE}).")
    FailOn failOn = FailOn.Audit;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description =
                    "Files, folders (with everything below), globs, or - for standard input. None, with -n or -A: the cluster.")
    List<String> paths = new ArrayList<>();

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The forms of a result, in the words of the command line. */
    enum Format {
        text,
        json,
        sarif,
        junit,
        github
    }

    /** What counts as a failure, in the words of the API. */
    enum FailOn {
        Audit(Severity.AUDIT),
        Warn(Severity.WARN),
        Deny(Severity.DENY);

        private final Severity severity;

        FailOn(Severity severity) {
            this.severity = severity;
        }
    }

    @Override
    public Integer call() {
        var gathering = new Gathering(terminal, policies, cluster, paths);
        CheckResult result = gathering.check();
        report().write(result, terminal.out());
        terminal.out().flush();
        result.unreadable().forEach(problem -> terminal.err().println(problem.display()));
        result.notes().forEach(note -> terminal.err().println("note: " + note));
        if (!result.unreadable().isEmpty()) {
            return ExitCodes.UNREADABLE;
        }
        return result.count(failOn.severity) > 0 ? ExitCodes.VIOLATIONS : ExitCodes.CLEAN;
    }

    private Report report() {
        return switch (output) {
            case text -> new TextReport(terminal.colours());
            case json -> new JsonReport();
            case sarif -> new SarifReport(Version.current(), RulePages.rationales());
            case junit -> new JunitReport();
            case github -> new GithubReport();
        };
    }
}
