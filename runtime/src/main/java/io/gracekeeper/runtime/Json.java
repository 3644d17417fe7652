package io.gracekeeper.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.UncheckedIOException;

/** Objects of the client as the raw trees that the engine reads. */
public final class Json {
    private static final ObjectMapper TREES = new ObjectMapper();

    private final KubernetesSerialization serialization;

    /** One that writes objects the way that a client does. */
    public Json(KubernetesClient client) {
        this.serialization = client.getKubernetesSerialization();
    }

    /**
     * An object as a tree. Written and parsed again on purpose: a tree made from the object in memory has a LongNode where the
     * parser makes an IntNode of the same number, the two are not equal, and two equal templates would look different.
     */
    public JsonNode tree(HasMetadata object) {
        try {
            return TREES.readTree(serialization.asJson(object));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what the client wrote is not JSON", e);
        }
    }
}
