package io.gracekeeper.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What we injected into a template: the value of the annotation {@code gracekeeper.io/injected}. Values only, so that another
 * version of Gracekeeper with the same policies writes the same record and changes no template.
 *
 * @param graceSeconds the grace period that we set; null where we did not
 * @param graceWasSeconds what it was before; null where the manifest had none
 * @param preStopSeconds the sleep that we set, by container
 * @param emptyLifecycles containers that had a {@code lifecycle} without content
 */
public record InjectionRecord(
        @Nullable Long graceSeconds,
        @Nullable Long graceWasSeconds,
        SortedMap<String, Long> preStopSeconds,
        SortedSet<String> emptyLifecycles) {
    /** The touch annotation's value where nothing is to be injected. */
    public static final String NOTHING = "none";

    /** Of a template into which nothing is injected. */
    static final InjectionRecord NONE = new InjectionRecord(null, null, Map.of(), Set.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GRACE = "terminationGracePeriodSeconds";
    private static final String GRACE_WAS = "was";
    private static final String PRE_STOP = "preStopSleepSeconds";
    private static final String EMPTY_LIFECYCLE = "emptyLifecycle";

    /** Copies the collections. */
    public InjectionRecord(
            @Nullable Long graceSeconds,
            @Nullable Long graceWasSeconds,
            Map<String, Long> preStopSeconds,
            Set<String> emptyLifecycles) {
        this(graceSeconds, graceWasSeconds, new TreeMap<>(preStopSeconds), new TreeSet<>(emptyLifecycles));
    }

    /** Whether there is nothing to remember. */
    public boolean isEmpty() {
        return graceSeconds == null && preStopSeconds.isEmpty();
    }

    /** The annotation's value: JSON in a fixed order, without spaces. */
    public String encode() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (graceSeconds != null) {
            node.put(GRACE, graceSeconds);
        }
        if (graceWasSeconds != null) {
            node.put(GRACE_WAS, graceWasSeconds);
        }
        if (!preStopSeconds.isEmpty()) {
            ObjectNode sleeps = node.putObject(PRE_STOP);
            preStopSeconds.forEach(sleeps::put);
        }
        if (!emptyLifecycles.isEmpty()) {
            emptyLifecycles.forEach(node.putArray(EMPTY_LIFECYCLE)::add);
        }
        return node.toString();
    }

    /** A short hash of the values: the touch annotation's value. */
    public String hash() {
        if (isEmpty()) {
            return NOTHING;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encode().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Reads an annotation; null where it is not a record of ours, which is then left alone. */
    public static @Nullable InjectionRecord decode(String annotation) {
        JsonNode node;
        try {
            node = JSON.readTree(annotation);
        } catch (JsonProcessingException notJson) {
            return null;
        }
        if (node == null || !node.isObject()) {
            return null;
        }
        Map<String, Long> sleeps = new TreeMap<>();
        node.path(PRE_STOP).properties().forEach(sleep -> {
            if (sleep.getValue().canConvertToLong()) {
                sleeps.put(sleep.getKey(), sleep.getValue().longValue());
            }
        });
        Set<String> empty = new TreeSet<>();
        node.path(EMPTY_LIFECYCLE).forEach(name -> empty.add(name.asText()));
        return new InjectionRecord(seconds(node.path(GRACE)), seconds(node.path(GRACE_WAS)), sleeps, empty);
    }

    private static @Nullable Long seconds(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? (Long) node.longValue() : null;
    }
}
