package io.gracekeeper.operator.workload;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.policy.Classification;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.PolicyReference;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKinds;
import io.gracekeeper.runtime.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Judges Deployments, each once per change of itself or of its namespace's policies. */
public final class WorkloadJudgements {
    private final Json json;
    private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();

    private record Known(String resourceVersion, Judgement judgement) {}

    private record Asked(PolicyReference policy, GracefulShutdownPolicySpec spec) {}

    /** The specs and not the snapshot: that one changes with every policy of the cluster, and with each status that we write. */
    private record Namespace(List<Asked> asked, Map<String, Known> byUid) {}

    /** Without any judgement yet. */
    public WorkloadJudgements(Json json) {
        this.json = json;
    }

    /**
     * Judges all Deployments of a namespace.
     *
     * @param deployments all of them
     */
    public List<JudgedDeployment> judge(String namespace, Collection<Deployment> deployments, PolicySnapshot snapshot) {
        List<JudgedDeployment> judged = new ArrayList<>();
        namespaces.compute(namespace, (name, before) -> {
            List<Asked> asked = snapshot.policiesIn(namespace).policies().stream()
                    .map(policy -> new Asked(policy.reference(), policy.spec()))
                    .toList();
            Map<String, Known> known = before != null && before.asked().equals(asked) ? before.byUid() : Map.of();
            Map<String, Known> next = new HashMap<>();
            for (Deployment deployment : deployments) {
                String uid = deployment.getMetadata().getUid();
                String version = deployment.getMetadata().getResourceVersion();
                Known entry = known.get(uid);
                if (entry == null || !entry.resourceVersion().equals(version)) {
                    entry = new Known(version, judge(deployment, snapshot));
                }
                next.put(uid, entry);
                judged.add(new JudgedDeployment(deployment, entry.judgement()));
            }
            return new Namespace(asked, next);
        });
        return judged;
    }

    /** Judges one that is fresher than what informers know. */
    public Judgement judge(Deployment deployment, PolicySnapshot snapshot) {
        return new PolicyEngine(snapshot, WorkloadKinds.BUILT_IN, InstantSource.system()).judge(json.tree(deployment));
    }

    /** Forgets what belongs to other namespaces. */
    public void retain(Set<String> withPolicies) {
        namespaces.keySet().retainAll(withPolicies);
    }

    /** How many Deployments were found to stand there, each counted once. */
    public long count(Classification classification) {
        return namespaces.values().stream()
                .flatMap(namespace -> namespace.byUid().values().stream())
                .filter(known -> known.judgement().classification() == classification)
                .count();
    }
}
