package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.PolicySnapshot;
import io.gracekeeper.policy.WorkloadKind;
import java.util.List;
import java.util.Set;

/** The workloads that a scan looks at, from memory. */
public interface ScannedWorkloads extends AutoCloseable {
    /** Starts and stops watches, so that exactly the kinds that policies name are watched. */
    void follow(PolicySnapshot snapshot);

    /** Whether all workloads of these kinds are known. */
    boolean areReady(Set<WorkloadKind> asked);

    /** Whether a kind is still being listed. */
    boolean isSettling();

    /** All workloads of a kind in a namespace; none where no policy names the kind. */
    List<StoredWorkload> in(WorkloadKind kind, String namespace);

    /** Every namespace that has workloads of a kind that is followed. */
    Set<String> namespaces();

    /** Who made a workload. */
    Origin origin(JsonNode object, String namespace);

    /** Stops watching. */
    @Override
    void close();
}
