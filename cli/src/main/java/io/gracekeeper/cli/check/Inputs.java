package io.gracekeeper.cli.check;

import org.jspecify.annotations.Nullable;

/** Where the workloads of a check come from. */
public sealed interface Inputs {
    /**
     * From files, or standard input.
     *
     * @param count how many were read
     */
    record Files(int count) implements Inputs {}

    /**
     * From the cluster.
     *
     * @param namespace the one that was asked for; null for all of them
     * @param namespaces how many of them have such workloads
     */
    record Cluster(@Nullable String namespace, int namespaces) implements Inputs {}
}
