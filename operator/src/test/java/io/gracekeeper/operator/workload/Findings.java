package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.gracekeeper.policy.PolicyEngine;

/** Findings for tests. */
public final class Findings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Findings() {}

    /** What is found of an object. */
    public static Finding of(HasMetadata object, PolicyEngine engine) {
        JsonNode tree = JSON.valueToTree(object);
        return Finding.of(new Stored(object, tree, "1"), engine.judge(tree), null);
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
