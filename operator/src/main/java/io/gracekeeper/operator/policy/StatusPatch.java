package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** A status is applied with nothing but the object's name beside it, so that we own nothing else of it. */
final class StatusPatch {
    private StatusPatch() {}

    static ObjectMeta metadata(HasMetadata object) {
        return new ObjectMetaBuilder()
                .withNamespace(object.getMetadata().getNamespace())
                .withName(object.getMetadata().getName())
                .build();
    }
}
