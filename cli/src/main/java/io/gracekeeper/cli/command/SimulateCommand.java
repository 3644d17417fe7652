package io.gracekeeper.cli.command;

import io.gracekeeper.cli.report.Colours;
import io.gracekeeper.cli.simulate.Simulation;
import io.gracekeeper.cli.simulate.Simulation.Fate;
import io.gracekeeper.cli.simulate.Simulation.Result;
import io.gracekeeper.policy.Violation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code simulate}: what a policy would do, before it does. */
@Command(
        name = "simulate",
        description = {
            "Shows what policies would do to workloads: inject, refuse, and how many pods that restarts.",
            "Injection is played through whatever its mode says; nothing is written.",
            "In a cluster, its own policies hold beside those of --policy, which take the place of their namesakes."
        },
        footer = {
            "",
            "Exit codes: 0 shown, 2 wrong usage or no cluster, 3 something could not be read.",
            "",
            "  kubectl gracekeeper simulate --policy new.yaml -A",
            "  kubectl gracekeeper simulate -n shop"
        })
final class SimulateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--all",
            description = "Shows each workload, also those that comply or that no policy speaks about.")
    boolean all;

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Manifests; none, with -n or -A: the cluster.")
    List<String> paths = new ArrayList<>();

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var gathering = new Gathering(terminal, policies, cluster, paths).besideThoseOfTheCluster();
        Gathering.Workloads workloads = gathering.workloads();
        List<Result> results = Simulation.of(workloads.objects(), workloads.judge());
        PrintWriter out = terminal.out();
        section("Injected", results, Fate.INJECTED);
        section("Refused", results, Fate.REFUSED);
        section("Warned", results, Fate.WARNED);
        section("Only counted", results, Fate.COUNTED);
        if (all) {
            section("Compliant as they are", results, Fate.COMPLIANT);
            section("Not spoken about", results, Fate.UNMATCHED);
        }
        out.println(summary(results));
        out.flush();
        workloads.judge().assumptions().forEach(note -> terminal.err().println("note: " + note));
        gathering.problems().forEach(problem -> terminal.err().println(problem.display()));
        return gathering.problems().isEmpty() ? ExitCodes.CLEAN : ExitCodes.UNREADABLE;
    }

    private void section(String title, List<Result> results, Fate fate) {
        List<Result> those =
                results.stream().filter(result -> result.fate() == fate).toList();
        if (those.isEmpty()) {
            return;
        }
        Colours colours = terminal.colours();
        terminal.out().println(colours.bold(title + " (" + those.size() + ")"));
        for (Result result : those) {
            String rollout = result.changes().isEmpty() ? "" : rollout(result);
            terminal.out().println("  " + result.workload() + rollout);
            result.changes().forEach(change -> terminal.out().println("    " + change));
            for (Violation violation : result.violations()) {
                terminal.out()
                        .println("    " + violation.rule().word() + ": " + violation.summary() + " ("
                                + violation.policy() + ")");
            }
        }
        terminal.out().println();
    }

    private static String rollout(Result result) {
        long longer = result.graceAfter() - result.graceBefore();
        return ": " + result.replicas() + (result.replicas() == 1 ? " pod restarts" : " pods restart")
                + (result.paced() ? " when it is its turn" : " at its next rollout, not before")
                + (longer > 0 ? ", each may take " + longer + " s longer to end" : "");
    }

    private static String summary(List<Result> results) {
        long edited =
                results.stream().filter(result -> !result.changes().isEmpty()).count();
        long restarts = results.stream()
                .filter(result -> !result.changes().isEmpty() && result.paced())
                .mapToLong(Result::replicas)
                .sum();
        long dry = results.stream()
                .filter(result -> !result.changes().isEmpty() && result.dryRun())
                .count();
        return count(results, Fate.COMPLIANT) + " compliant, " + count(results, Fate.INJECTED) + " fixed by injection, "
                + count(results, Fate.REFUSED) + " refused, " + count(results, Fate.WARNED) + " warned, "
                + count(results, Fate.COUNTED) + " counted, " + count(results, Fate.UNMATCHED) + " not spoken about."
                + (edited == 0
                        ? ""
                        : " Injection edits " + edited + " and, where existing is Paced, restarts " + restarts
                                + (restarts == 1 ? " pod." : " pods."))
                + (dry == 0 ? "" : " For " + dry + " of them the mode is DryRun: nothing happens before it is Apply.");
    }

    private static long count(List<Result> results, Fate fate) {
        return results.stream().filter(result -> result.fate() == fate).count();
    }
}
