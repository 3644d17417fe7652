package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.policy.Maker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A workload of which nothing is kept but what it is judged by, as bytes: about a tenth of the object that the client makes of it.
 * Two that are judged alike are equal, whatever their status says.
 */
final class ReducedWorkload implements StoredWorkload {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final String apiVersion;
    private final String namespace;
    private final String name;
    private final String uid;
    private final @Nullable Maker maker;
    private final byte[] json;

    /**
     * Keeps a workload.
     *
     * @param reduced what {@link WorkloadReducer} left of it
     * @param maker the workload that controls it; null where none does
     */
    ReducedWorkload(ObjectNode reduced, @Nullable Maker maker) {
        JsonNode metadata = reduced.path("metadata");
        this.apiVersion = reduced.path("apiVersion").asText("").intern();
        this.namespace = metadata.path("namespace").asText("").intern();
        this.name = metadata.path("name").asText("");
        this.uid = metadata.path("uid").asText("");
        this.maker = maker;
        this.json = bytes(reduced);
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree can't be written", e);
        }
    }

    @Override
    public String apiVersion() {
        return apiVersion;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String uid() {
        return uid;
    }

    /** FNV-1a over what it is judged by. */
    @Override
    public String version() {
        long hash = FNV_BASIS;
        for (byte each : json) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return Long.toHexString(hash);
    }

    @Override
    public JsonNode object() {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("what was written as JSON is none", e);
        }
    }

    /** The workload that controls it; null where none does. */
    @Nullable
    Maker maker() {
        return maker;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReducedWorkload that
                && Arrays.equals(json, that.json)
                && Objects.equals(maker, that.maker);
    }

    @Override
    public int hashCode() {
        return uid.hashCode();
    }
}
