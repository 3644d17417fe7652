package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import java.util.ArrayList;
import java.util.List;

/** Objects as tests write them. */
final class Yaml {
    private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());

    private Yaml() {}

    static JsonNode tree(String yaml) {
        try {
            return MAPPER.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    /** A Deployment shop/checkout with this pod spec. */
    static JsonNode deployment(String podSpec) {
        return tree("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: checkout, namespace: shop}
                spec:
                  template:
                    metadata: {labels: {app: checkout}}
                    spec:
                """ + podSpec.indent(6));
    }

    static <T> T read(String yaml, Class<T> type) {
        try {
            return MAPPER.readValue(yaml, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    static CompiledPolicy policy(String name, String spec) {
        return CompiledPolicy.of(new PolicyReference("shop", name), read(spec, GracefulShutdownPolicySpec.class));
    }

    /** An engine whose namespace shop has these policies, named a, b, c, ... */
    static PolicyEngine engine(String... specs) {
        var policies = new ArrayList<CompiledPolicy>();
        for (int i = 0; i < specs.length; i++) {
            policies.add(policy(String.valueOf((char) ('a' + i)), specs[i]));
        }
        return new PolicyEngine(namespace -> namespace.equals("shop") ? policies : List.of());
    }
}
