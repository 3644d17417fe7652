package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    static final WorkloadKind DEPLOYMENT = Objects.requireNonNull(WorkloadKinds.BUILT_IN.named("Deployment"));

    /** Some moment, at which every engine of these tests lives. */
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    static PolicyEngine engine(PolicyLister policies) {
        return new PolicyEngine(policies, WorkloadKinds.BUILT_IN, InstantSource.fixed(NOW));
    }

    /** An engine whose namespace shop has these policies, named a, b, c, ... */
    static PolicyEngine engine(String... specs) {
        var policies = new ArrayList<CompiledPolicy>();
        for (int i = 0; i < specs.length; i++) {
            policies.add(policy(String.valueOf((char) ('a' + i)), specs[i]));
        }
        return engine(namespace -> namespace.equals("shop") ? new NamespacePolicies(policies) : NamespacePolicies.NONE);
    }

    static Request request(JsonNode object, @Nullable JsonNode oldObject, String namespace) {
        WorkloadKind kind = WorkloadKinds.BUILT_IN.of(
                object.path("apiVersion").asText(), object.path("kind").asText());
        return new Request(object, oldObject, Objects.requireNonNull(kind), namespace, Origin.NONE, Revisions.NONE);
    }

    static Decision decide(PolicyEngine engine, JsonNode object, @Nullable JsonNode oldObject, String namespace) {
        return engine.decide(request(object, oldObject, namespace));
    }

    static Mutation mutate(PolicyEngine engine, JsonNode object, String namespace) {
        return mutate(engine, object, null, namespace);
    }

    static Mutation mutate(PolicyEngine engine, JsonNode object, @Nullable JsonNode oldObject, String namespace) {
        return engine.mutate(request(object, oldObject, namespace));
    }
}
