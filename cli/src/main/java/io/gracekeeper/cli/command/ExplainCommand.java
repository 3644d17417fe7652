package io.gracekeeper.cli.command;

import io.gracekeeper.cli.explain.WorkloadExplanation;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.policy.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    /** The topic that is no rule. */
    static final String WORKLOAD = "workload";

    private final Terminal terminal;

    @Mixin
    PolicyOptions policies = new PolicyOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Parameters(
            index = "0",
            paramLabel = "TOPIC",
            arity = "0..1",
            completionCandidates = RuleNames.OrWorkload.class,
            description = "A rule, or the word workload.")
    @Nullable
    String topic;

    @Parameters(
            index = "1..*",
            paramLabel = "WHAT",
            arity = "0..*",
            description =
                    "Behind workload: KIND/NAME in the cluster, or files, folders, globs, -. Behind a rule: more rules.")
    List<String> more = new ArrayList<>();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (topic == null) {
            RulePages.list(terminal.out(), terminal.colours());
            return ExitCodes.CLEAN;
        }
        if (topic.equals(WORKLOAD)) {
            return workloads(more);
        }
        Stream.concat(Stream.of(topic), more.stream())
                .map(ExplainCommand::rule)
                .forEach(rule -> RulePages.page(rule, terminal.out(), terminal.colours()));
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
        var finder = new WorkloadFinder(terminal, policies, cluster);
        for (String target : targets) {
            WorkloadName name = WorkloadName.parse(target);
            if (name == null) {
                files.add(target);
            } else {
                explain(finder.find(name));
            }
        }
        if (files.isEmpty()) {
            return finder.exitCode();
        }
        var gathering = new Gathering(terminal, policies, cluster, files);
        explain(gathering.workloads());
        terminal.out().flush();
        gathering.problems().forEach(problem -> terminal.err().println(problem.display()));
        return gathering.problems().isEmpty() ? finder.exitCode() : ExitCodes.UNREADABLE;
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
