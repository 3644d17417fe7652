package io.gracekeeper.e2e.apiserver;

import io.gracekeeper.e2e.machine.ClusterExtension;

/** Gives a test the {@link ApiServer} of this run. */
public final class LocalApiServer extends ClusterExtension<ApiServer> {
    /** For JUnit. */
    public LocalApiServer() {
        super(ApiServer.class, ApiServer::start);
    }

    @Override
    protected void keepLogs(ApiServer server) {
        server.cluster().keepLogs();
    }
}
