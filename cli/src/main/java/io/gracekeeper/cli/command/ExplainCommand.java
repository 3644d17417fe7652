package io.gracekeeper.cli.command;

import io.gracekeeper.cli.explain.WorkloadExplanation;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.policy.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code explain}: a rule's page, or a workload's arithmetic. */
@Command(
        name = "explain",
        description = {
            "Explains a rule, or a workload: each number of the arithmetic and where it comes from.",
            "Without a topic it lists the rules."
        },
        footer = {
            "",
            "  kubectl gracekeeper explain BudgetFits",
            "  kubectl gracekeeper explain workload --policy policies/ k8s/checkout.yaml",
            "  kubectl gracekeeper explain workload deploy/checkout -n shop"
        })
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Parameters(
            paramLabel = "TOPIC",
            arity = "0..*",
            description =
                    "A rule; or the word workload and what it is: KIND/NAME in the cluster, or files, folders, globs, -.")
    List<String> topics = new ArrayList<>();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (topics.isEmpty()) {
            RulePages.list(terminal.out(), terminal.colours());
            return ExitCodes.CLEAN;
        }
        if (topics.getFirst().equals("workload")) {
            return workloads(topics.subList(1, topics.size()));
        }
        for (String topic : topics) {
            RulePages.page(rule(topic), terminal.out(), terminal.colours());
        }
        return ExitCodes.CLEAN;
    }

    private static Rule rule(String name) {
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.word().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UserError("\"" + name + "\" is no rule: use one of "
                        + String.join(
                                ", ",
                                Arrays.stream(Rule.values()).map(Rule::word).toList())
                        + "; or explain workload " + name));
    }

    private Integer workloads(List<String> targets) {
        if (targets.isEmpty()) {
            throw new UserError("name a workload: KIND/NAME in the cluster, or files, folders, globs, -");
        }
        List<String> files = new ArrayList<>();
        for (String target : targets) {
            WorkloadName name = WorkloadName.parse(target);
            if (name == null) {
                files.add(target);
            } else {
                explain(new WorkloadFinder(terminal, policies, cluster).find(name));
            }
        }
        if (files.isEmpty()) {
            return ExitCodes.CLEAN;
        }
        var gathering = new Gathering(terminal, policies, cluster, files);
        explain(gathering.workloads());
        terminal.out().flush();
        gathering.problems().forEach(problem -> terminal.err().println(problem.display()));
        return gathering.problems().isEmpty() ? ExitCodes.CLEAN : ExitCodes.UNREADABLE;
    }

    private void explain(Gathering.Workloads workloads) {
        if (workloads.objects().isEmpty()) {
            terminal.err().println("there is no workload in it");
        }
        boolean first = true;
        for (ManifestObject object : workloads.objects()) {
            if (!first) {
                terminal.out().println();
            }
            first = false;
            WorkloadExplanation.write(object, workloads.judge().judge(object), terminal.out(), terminal.colours());
        }
        workloads.judge().assumptions().forEach(note -> terminal.err().println("note: " + note));
    }
}
