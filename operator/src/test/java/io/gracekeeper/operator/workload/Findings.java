package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.gracekeeper.policy.Judgement;
import io.gracekeeper.policy.PolicyEngine;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadReducer;

/** Findings for tests. */
public final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Findings() {}

    /** What is found of an object. */
    public static Finding of(HasMetadata object, PolicyEngine engine) {
        JsonNode tree = JSON.valueToTree(object);
        return Finding.of(new Stored(object, tree, "1"), engine.judge(tree), null);
    }

    /** What is found of a raw object. */
    public static Finding of(JsonNode object, Judgement judgement) {
        var metadata = new GenericKubernetesResource();
        metadata.setApiVersion(object.path("apiVersion").asText());
        metadata.setMetadata(new ObjectMetaBuilder()
                .withNamespace(object.at("/metadata/namespace").asText(""))
                .withName(object.at("/metadata/name").asText(""))
                .build());
        return Finding.of(new Stored(metadata, object, "1"), judgement, null);
    }

    /** What caches keep of an object. */
    public static JsonNode reduced(JsonNode object, WorkloadKind kind) {
        ObjectNode tree = object.deepCopy();
        WorkloadReducer.reduce(tree, kind);
        return new ReducedWorkload(tree, null).object();
    }

    /** A workload that is stored nowhere. */
    record Stored(HasMetadata metadata, JsonNode object, String version) implements StoredWorkload {
        @Override
        public String apiVersion() {
            return metadata.getApiVersion();
        }

        @Override
        public String namespace() {
            return metadata.getMetadata().getNamespace();
        }

        @Override
        public String name() {
            return metadata.getMetadata().getName();
        }

        @Override
        public String uid() {
            return metadata.getMetadata().getUid() == null
                    ? name()
                    : metadata.getMetadata().getUid();
        }
    }
}
