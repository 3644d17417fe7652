package io.gracekeeper.cli.cluster;

/** No answer from the API server: nothing can be read, and asking again is no use. */
public final class ClusterUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterUnreachable(String server, String reason) {
        super("the cluster can't be reached: " + server + ": " + reason, null, false, false);
    }
}
