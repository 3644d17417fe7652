package io.gracekeeper.cli.command;

import io.gracekeeper.cli.check.CheckResult;
import io.gracekeeper.cli.check.CheckRun;
import io.gracekeeper.cli.check.WorkloadJudge;
import io.gracekeeper.cli.cluster.ClusterOwners;
import io.gracekeeper.cli.cluster.ClusterReader;
import io.gracekeeper.cli.cluster.ClusterUnreachable;
import io.gracekeeper.cli.cluster.Resource;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import io.gracekeeper.cli.policies.PolicySet;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Match;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.SurroundingsReader;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cluster's part of a gathering; apart, so that the client is not even loaded where only files are asked for. */
final class ClusterGathering {
    /** Kinds whose objects may have a workload above them. */
    private static final Set<String> OWNED = Set.of("ReplicaSet", "Job");

    private final PolicyOptions policies;
    private final ClusterOptions cluster;
    private final List<Unreadable> problems;

    ClusterGathering(PolicyOptions policies, ClusterOptions cluster, List<Unreadable> problems) {
        this.policies = policies;
        this.cluster = cluster;
        this.problems = problems;
    }

    /**
     * Adds the cluster's policies, exceptions and namespaces. What can't be read of them is told beside the rest.
     *
     * @throws UserError if that is all of the policies
     */
    void addPolicies(PolicyReader into) {
        int before = problems.size();
        try (ClusterReader reader = cluster.open(problems::add)) {
            addPolicies(reader, into, null, true);
        } catch (ClusterUnreachable e) {
            throw new UserError("no --policy, and " + e.getMessage());
        }
        if (into.isEmpty() && problems.size() > before) {
            throw UserError.unreadable("no --policy, and the cluster's own can't be read: "
                    + problems.get(before).problem());
        }
    }

    /**
     * Adds what holds in a namespace, and asks for no more: whoever may read only there is served too, and what is wrong elsewhere is
     * none of their business.
     *
     * @param namespace null for all of them
     * @throws UserError where the cluster has no such namespace: a typing mistake must not look like a clean one
     */
    private static void addPolicies(
            ClusterReader reader, PolicyReader into, @Nullable String namespace, boolean alsoPolicies) {
        if (namespace == null) {
            reader.list(Resource.NAMESPACES, null, false).forEach(into::namespace);
        } else {
            ClusterReader.Lookup named = reader.get(Resource.NAMESPACES, null, namespace);
            if (named.missing()) {
                throw new UserError("the cluster has no namespace \"" + namespace + "\"");
            }
            if (named.object() != null) {
                into.namespace(named.object());
            }
        }
        for (Resource ours : Resource.OURS) {
            if (alsoPolicies || ours.isException()) {
                reader.list(ours, ours.isNamespaced() ? namespace : null, true).forEach(into::objectUnlessNamed);
            }
        }
    }

    CheckResult check(PolicyReader given) {
        Gathering.Workloads workloads = workloads(given, false);
        return CheckRun.objects(
                cluster.allNamespaces ? null : policies.namespace, workloads.objects(), workloads.judge(), problems);
    }

    /**
     * The workloads of the namespaces that were named.
     *
     * @param besideGiven whether the cluster's policies hold beside those that were given
     */
    Gathering.Workloads workloads(PolicyReader given, boolean besideGiven) {
        try (ClusterReader reader = cluster.open(problems::add)) {
            String namespace = cluster.allNamespaces ? null : policies.namespace;
            addPolicies(reader, given, namespace, besideGiven || policies.policyFiles.isEmpty());
            PolicySet set = policies.policies(given);
            if (set.isEmpty()) {
                throw problems.isEmpty()
                        ? new UserError("there is no policy" + (namespace == null ? "" : " for namespace " + namespace)
                                + ": name one by --policy")
                        : UserError.of(problems.getFirst());
            }
            List<ManifestObject> objects = new ArrayList<>();
            for (WorkloadKind kind : kinds(set)) {
                Resource resource = reader.find(kind);
                if (resource != null) {
                    objects.addAll(reader.list(resource, namespace, false));
                }
            }
            return new Gathering.Workloads(
                    objects,
                    new WorkloadJudge(
                            set, policies.settings(), InstantSource.system(), facts(reader, namespace, objects)));
        }
    }

    /** One workload, in the namespace that was named or the context's. */
    Gathering.Workloads workload(PolicyReader given, WorkloadName name) {
        WorkloadKind kind = policies.settings().kinds().named(name.kind());
        if (kind == null) {
            throw new UserError("\"" + name.kind() + "\" is no kind of workload: use one of "
                    + String.join(", ", policies.settings().kinds().names()));
        }
        try (ClusterReader reader = cluster.open(problems::add)) {
            String namespace = policies.namespace == null ? reader.namespace() : policies.namespace;
            Resource resource = reader.find(kind);
            ClusterReader.Lookup lookup = resource == null
                    ? new ClusterReader.Lookup(null, true) // Told by whoever looked for the kind.
                    : reader.get(resource, namespace, name.name());
            ManifestObject object = lookup.object();
            if (object == null) {
                throw lookup.missing() ? new UserError(problems.getLast().display()) : UserError.of(problems.getLast());
            }
            addPolicies(reader, given, namespace, policies.policyFiles.isEmpty());
            if (given.isEmpty() && !problems.isEmpty()) {
                throw UserError.of(problems.getFirst());
            }
            List<ManifestObject> found = List.of(object);
            return new Gathering.Workloads(
                    found,
                    new WorkloadJudge(
                            policies.policies(given),
                            policies.settings(),
                            InstantSource.system(),
                            facts(reader, namespace, withMaker(reader, found))));
        }
    }

    /** And the ReplicaSet or Job that made it: it tells whose pod that is. Nothing is told where it has gone. */
    private List<ManifestObject> withMaker(ClusterReader reader, List<ManifestObject> found) {
        List<ManifestObject> all = new ArrayList<>(found);
        WorkloadKinds known = policies.settings().kinds();
        for (ManifestObject object : found) {
            if (OriginReader.controllerOf(object.json(), known) instanceof OriginReader.Owner.Made(Maker by)
                    && OWNED.contains(by.kind().kind())) {
                ManifestObject maker = reader.getIfThere(by, object.namespace());
                if (maker != null) {
                    all.add(maker);
                }
            }
        }
        return all;
    }

    /** The kinds that some policy speaks about, and those by which it is known who made them. */
    private Set<WorkloadKind> kinds(PolicySet set) {
        WorkloadKinds known = policies.settings().kinds();
        Set<WorkloadKind> kinds = new LinkedHashSet<>();
        Stream.concat(
                        set.policies().stream().map(policy -> policy.getSpec()),
                        set.clusterPolicies().stream()
                                .map(policy -> policy.getSpec().policy()))
                .flatMap(spec -> kinds(spec).stream())
                .map(known::named)
                .filter(Objects::nonNull)
                .forEach(kinds::add);
        if (kinds.contains(known.named("Pod"))) {
            add(known.named("ReplicaSet"), kinds);
            add(known.named("Job"), kinds);
        }
        return kinds;
    }

    /** Who made what, and the Services, budgets and autoscalers around it. */
    private WorkloadJudge.Facts facts(ClusterReader reader, @Nullable String namespace, List<ManifestObject> objects) {
        var around = new SurroundingsReader();
        for (Resource resource : Resource.SURROUNDINGS) {
            reader.list(resource, namespace, true).forEach(object -> around.read(object.json()));
        }
        return new WorkloadJudge.Facts(
                new ClusterOwners(policies.settings().kinds(), objects),
                problems.isEmpty() ? around.complete().surroundings() : around.surroundings());
    }

    private static void add(@Nullable WorkloadKind kind, Set<WorkloadKind> into) {
        if (kind != null) {
            into.add(kind);
        }
    }

    private static List<String> kinds(GracefulShutdownPolicySpec spec) {
        Match match = spec.match();
        List<String> kinds = match == null ? null : match.kinds();
        return kinds == null ? Match.DEFAULT_KINDS : kinds;
    }
}
