package io.gracekeeper.cli.command;

import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** Finds one workload of the cluster, with what it is judged by. */
final class WorkloadFinder {
    private final Terminal terminal;
    private final PolicyOptions policies;
    private final ClusterOptions cluster;
    private boolean complete = true;

    WorkloadFinder(Terminal terminal, PolicyOptions policies, ClusterOptions cluster) {
        this.terminal = terminal;
        this.policies = policies;
        this.cluster = cluster;
    }

    /**
     * Finds it. What can't be read beside it is told on standard error, and remembered.
     *
     * @throws UserError if it isn't there, may not be read, or is no workload
     */
    Gathering.Workloads find(WorkloadName name) {
        List<Unreadable> problems = new ArrayList<>();
        var inputs = new InputFiles(terminal.in(), problems::add);
        var reader = policies.reader(inputs, problems::add);
        if (!policies.policyFiles.isEmpty() && reader.isEmpty() && !problems.isEmpty()) {
            throw UserError.of(problems.getFirst());
        }
        Gathering.Workloads found = new ClusterGathering(policies, cluster, problems).workload(reader, name);
        problems.forEach(problem -> terminal.err().println(problem.display()));
        complete &= problems.isEmpty();
        return found;
    }

    /** What the command ends with, after all that was found up to now. */
    int exitCode() {
        return complete ? ExitCodes.CLEAN : ExitCodes.UNREADABLE;
    }
}
