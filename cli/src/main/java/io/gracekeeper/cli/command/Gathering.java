package io.gracekeeper.cli.command;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.CheckRun;
import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.manifest.InputFiles;
import io.gracekeeper.cli.manifest.LimitedSink;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.cli.policies.PolicySet;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.Surroundings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Brings policies and workloads together, from wherever the user said: files, standard input, or the cluster. */
final class Gathering {
    private final PolicyOptions policies;
    private final ClusterOptions cluster;
    private final List<String> paths;
    private final List<Unreadable> problems = new ArrayList<>();
    private final InputFiles inputs;
    private boolean besideCluster;

    /**
     * A gathering.
     *
     * @param paths empty for the workloads of the cluster
     */
    Gathering(Terminal terminal, PolicyOptions policies, ClusterOptions cluster, List<String> paths) {
        this.policies = policies;
        this.cluster = cluster;
        this.paths = paths;
        inputs = new InputFiles(terminal.in(), problems::add);
        if (!paths.isEmpty() && cluster.allNamespaces) {
            throw new UserError("name files, or -A for the cluster, not both");
        }
        if (paths.isEmpty() && !cluster.allNamespaces && policies.namespace == null) {
            throw new UserError("name files, folders or - for standard input; or -n NAMESPACE or -A for the cluster");
        }
    }

    /** Where policies are files: those of the cluster hold beside them, but for those of the same name. */
    Gathering besideThoseOfTheCluster() {
        besideCluster = true;
        return this;
    }

    /** What could not be read up to now. */
    List<Unreadable> problems() {
        return problems;
    }

    /** Where files are loaded by. */
    InputFiles inputs() {
        return inputs;
    }

    /** Judges everything. */
    CheckResult check() {
        if (paths.isEmpty()) {
            return new ClusterGathering(policies, cluster, problems).check(reader());
        }
        var run = new CheckRun(inputs, paths, problems);
        return run.judge(judge(run));
    }

    /** Judges, and hands out every workload with the judge, for commands that want to know more of each. */
    Workloads workloads() {
        if (paths.isEmpty()) {
            return new ClusterGathering(policies, cluster, problems).workloads(reader(), besideCluster);
        }
        var run = new CheckRun(inputs, paths, problems);
        WorkloadJudge judge = judge(run);
        List<ManifestObject> objects = new ArrayList<>();
        ManifestReader.Sink sink = new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject object) {
                if (judge.isWorkload(object)) {
                    objects.add(object);
                }
            }

            @Override
            public void unreadable(Unreadable problem) {
                problems.add(problem);
            }
        };
        run.files().forEach(file -> inputs.load(file, text -> ManifestReader.read(text, new LimitedSink(sink))));
        return new Workloads(objects, judge);
    }

    /** The judge of what the paths name. */
    WorkloadJudge judge(CheckRun run) {
        PolicyReader reader = reader();
        if (policies.policyFiles.isEmpty()) {
            new ClusterGathering(policies, cluster, problems).addPolicies(reader);
        }
        Surroundings around =
                run.collectContext(reader, policies.policies(reader).defaultNamespace());
        return new WorkloadJudge(
                notEmpty(policies.policies(reader)),
                policies.settings(),
                InstantSource.system(),
                new WorkloadJudge.Facts(OriginReader.Owners.UNKNOWN, around));
    }

    private PolicyReader reader() {
        return policies.reader(inputs, problems::add);
    }

    /** Judging by nothing would find everything fine. */
    private PolicySet notEmpty(PolicySet set) {
        if (set.isEmpty() && problems.isEmpty()) {
            throw new UserError(
                    policies.policyFiles.isEmpty()
                            ? "the cluster has no policy: name one by --policy"
                            : "no policy in " + String.join(", ", policies.policyFiles));
        }
        return set;
    }

    /**
     * Workloads and who judges them.
     *
     * @param objects in order
     * @param judge knows the policies
     */
    record Workloads(List<ManifestObject> objects, WorkloadJudge judge) {}
}
