package io.gracekeeper.cli.command;

import io.gracekeeper.cli.cluster.ClusterReader;
import io.gracekeeper.cli.manifest.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about the cluster that is asked. */
final class ClusterOptions {
    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Takes the workloads of all namespaces of the cluster.")
    boolean allNamespaces;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig (default: KUBECONFIG, or ~/.kube/config).")
    @Nullable
    Path kubeconfig;

    @Option(names = "--context", paramLabel = "CONTEXT", description = "A context of the kubeconfig.")
    @Nullable
    String context;

    /** Connects, lazily: nothing is sent before something is listed. */
    ClusterReader open(Consumer<Unreadable> problems) {
        try {
            return new ClusterReader(kubeconfig, context, problems);
        } catch (IOException e) {
            throw new UserError("the kubeconfig can't be used: " + e.getMessage());
        }
    }
}
