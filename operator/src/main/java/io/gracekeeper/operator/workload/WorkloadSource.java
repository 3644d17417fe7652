package io.gracekeeper.operator.workload;

import java.util.List;
import java.util.Set;

/** The workloads of one kind, from memory. */
interface WorkloadSource extends AutoCloseable {
    /** Whether all that the cluster had was listed once. */
    boolean hasSynced();

    /** All of a namespace. */
    List<StoredWorkload> in(String namespace);

    /** The namespaces that have any. */
    Set<String> namespaces();

    /** Stops watching, and forgets. */
    @Override
    void close();
}
