package io.gracekeeper.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who controls what, among objects that were listed. */
public final class ClusterOwners implements OriginReader.Owners {
    private record Key(String namespace, String kind, String name) {}

    private final WorkloadKinds kinds;
    private final Map<Key, OriginReader.Owner> owners = new HashMap<>();

    /** The owners of some objects. */
    public ClusterOwners(WorkloadKinds kinds, Collection<ManifestObject> objects) {
        this.kinds = kinds;
        for (ManifestObject object : objects) {
            owners.put(new Key(object.namespace(), object.kind(), object.name()), owner(object.json()));
        }
    }

    private OriginReader.Owner owner(JsonNode object) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference.path("controller").asBoolean(false)) {
                WorkloadKind kind = kind(reference);
                return kind == null ? new OriginReader.Owner.Nobody() : new OriginReader.Owner.Kind(kind);
            }
        }
        return new OriginReader.Owner.Nobody();
    }

    private @Nullable WorkloadKind kind(JsonNode reference) {
        return kinds.of(
                reference.path("apiVersion").asText(""), reference.path("kind").asText(""));
    }

    @Override
    public OriginReader.Owner ownerOf(String namespace, WorkloadKind kind, String name) {
        return owners.getOrDefault(new Key(namespace, kind.kind(), name), new OriginReader.Owner.Unknown());
    }
}
