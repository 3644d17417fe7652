package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.POJONode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a raw object that no rule reads, left as the bytes that it came in: a leaf of the tree. Most of what a Deployment
 * consists of is never looked at, and a tree of it costs more than everything that is decided. Two are equal where their bytes are,
 * so that two templates which the API server wrote are equal exactly where they say the same.
 */
public final class UnparsedValue {
    /** The one text that may stay bytes: kubectl's copy of a whole manifest, of which only one thing is asked, and rarely. */
    public static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /** Of which it is only asked whether there is one. */
    static final String READINESS_PROBE = "readinessProbe";

    /**
     * The fields whose objects and lists may stay bytes, wherever they stand. A rule that begins to read one takes it out of here,
     * or asks for what is in it by {@link #parsed}.
     */
    public static final Set<String> FIELDS = Set.of(
            "env",
            "envFrom",
            "imagePullSecrets",
            "livenessProbe",
            "managedFields",
            READINESS_PROBE,
            "resources",
            "securityContext",
            "startupProbe",
            "status",
            "topologySpreadConstraints",
            "volumeClaimTemplates",
            "volumeDevices",
            "volumeMounts",
            "volumes");

    /** Each review has a virtual thread of its own: buffers that Jackson keeps by thread, as it does by default, are never used again. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // Names of users' fields, of which there is no end.
            .build());

    /** Two bytes at once: one alone, such as a quote, is met all the time. */
    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] text;
    private final int from;
    private final int to;

    private UnparsedValue(byte[] text, int from, int to) {
        this.text = text;
        this.from = from;
        this.to = to;
    }

    /**
     * A leaf for it.
     *
     * @param text is not copied, and must not change any more
     * @param from where the value begins
     * @param to the index after its end
     */
    public static JsonNode node(byte[] text, int from, int to) {
        return new POJONode(new UnparsedValue(text, from, to));
    }

    /** The value that a node stands for; null where it is an ordinary one. */
    public static @Nullable UnparsedValue of(JsonNode node) {
        return node instanceof POJONode leaf && leaf.getPojo() instanceof UnparsedValue value ? value : null;
    }

    /** Where it begins in the text that it is a part of. */
    public int from() {
        return from;
    }

    /** The index after its end in the text that it is a part of. */
    public int to() {
        return to;
    }

    /** What a node says: itself, or the tree of what was left as bytes. */
    static JsonNode parsed(JsonNode node) {
        UnparsedValue value = of(node);
        if (value == null) {
            return node;
        }
        try {
            return JSON.readTree(value.text, value.from, value.to - value.from);
        } catch (IOException e) {
            throw new UncheckedIOException("a value that was found to be JSON is none", e);
        }
    }

    /** Whether a node says a text. */
    static boolean isText(JsonNode node) {
        return node.isTextual() || startsWith(node, '"');
    }

    /** Whether a node says an object. */
    static boolean isObject(JsonNode node) {
        return node.isObject() || startsWith(node, '{');
    }

    private static boolean startsWith(JsonNode node, char first) {
        UnparsedValue value = of(node);
        return value != null && value.text[value.from] == first;
    }

    /**
     * Whether a word may stand anywhere in what a node says, as it is and without escapes: much cheaper than reading it. Always true
     * of what has been parsed already.
     *
     * @param word ASCII, nothing that JSON escapes, and at least two bytes
     */
    static boolean mayMention(JsonNode node, byte[] word) {
        UnparsedValue value = of(node);
        if (value == null) {
            return !node.isMissingNode();
        }
        byte[] text = value.text;
        int last = value.to - word.length;
        short start = (short) PAIR.get(word, 0);
        for (int i = value.from; i <= last; i++) {
            if ((short) PAIR.get(text, i) == start && Arrays.equals(text, i, i + word.length, word, 0, word.length)) {
                return true;
            }
        }
        return false;
    }

    /** The tokens of what a node says. To be closed. */
    static JsonParser parser(JsonNode node) throws IOException {
        UnparsedValue value = of(node);
        return value == null ? node.traverse() : JSON.createParser(value.text, value.from, value.to - value.from);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnparsedValue that && Arrays.equals(text, from, to, that.text, that.from, that.to);
    }

    @Override
    public int hashCode() {
        return to - from;
    }

    @Override
    public String toString() {
        return "(" + (to - from) + " bytes)";
    }
}
