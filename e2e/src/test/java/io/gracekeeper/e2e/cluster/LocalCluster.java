package io.gracekeeper.e2e.cluster;

import io.gracekeeper.e2e.machine.ClusterExtension;

/** Gives a test the {@link Installation} of this run. */
public final class LocalCluster extends ClusterExtension<Installation> {
    /** For JUnit. */
    public LocalCluster() {
        super(Installation.class, Installation::create);
    }

    @Override
    protected void keepLogs(Installation installation) {
        installation.cluster().keepLogs();
    }
}
