package io.gracekeeper.cli.cluster;

import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Who controls what, among objects that were listed. */
public final class ClusterOwners implements OriginReader.Owners {
    private record Key(String namespace, String kind, String name) {}

    private final Map<Key, OriginReader.Owner> owners = new HashMap<>();

    /** The owners of some objects. */
    public ClusterOwners(WorkloadKinds kinds, Collection<ManifestObject> objects) {
        for (ManifestObject object : objects) {
            owners.put(
                    new Key(object.namespace(), object.kind(), object.name()),
                    OriginReader.controllerOf(object.json(), kinds));
        }
    }

    @Override
    public OriginReader.Owner ownerOf(String namespace, WorkloadKind kind, String name) {
        return owners.getOrDefault(new Key(namespace, kind.kind(), name), new OriginReader.Owner.Unknown());
    }
}
