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

    WorkloadFinder(Terminal terminal, PolicyOptions policies, ClusterOptions cluster) {
        this.terminal = terminal;
        this.policies = policies;
        this.cluster = cluster;
    }

    /**
     * Finds it.
     *
     * @throws UserError if it isn't there, or is no workload
     */
    Gathering.Workloads find(WorkloadName name) {
        List<Unreadable> problems = new ArrayList<>();
        var inputs = new InputFiles(terminal.in(), problems::add);
        var reader = policies.reader(inputs, problems::add);
        if (!problems.isEmpty()) {
            throw UserError.of(problems.getFirst());
        }
        Gathering.Workloads found = new ClusterGathering(policies, cluster, problems).workload(reader, name);
        if (found.objects().isEmpty()) {
            throw new UserError(problems.getFirst().display());
        }
        if (!problems.isEmpty()) {
            throw UserError.of(problems.getFirst());
        }
        return found;
    }
}
