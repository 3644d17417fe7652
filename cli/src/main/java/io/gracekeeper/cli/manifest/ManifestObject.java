package io.gracekeeper.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Kubernetes object of an input.
 *
 * @param input where it was read
 * @param json the tree as the API server would see it
 * @param text where each node stands; null for an object of a cluster, which stands nowhere
 */
public record ManifestObject(
        InputText input, JsonNode json, @Nullable TextNode text) {
    /** Its {@code apiVersion}; empty if there is none. */
    public String apiVersion() {
        return json.path("apiVersion").asText("");
    }

    /** Its {@code kind}; empty if there is none. */
    public String kind() {
        return json.path("kind").asText("");
    }

    /** Its namespace; empty if it names none. */
    public String namespace() {
        return json.path("metadata").path("namespace").asText("");
    }

    /**
     * The tree with a namespace in it, as it arrives in the cluster.
     *
     * @param otherwise used where it names none; the object itself stays as it is
     */
    public JsonNode inNamespace(String otherwise) {
        if (!namespace().isEmpty() || !(json instanceof ObjectNode original)) {
            return json;
        }
        ObjectNode placed = original.objectNode().setAll(original);
        ObjectNode metadata = original.objectNode();
        if (original.path("metadata") instanceof ObjectNode written) {
            metadata.setAll(written);
        }
        placed.set("metadata", metadata.put("namespace", otherwise));
        return placed;
    }

    /** Its name, or what its name will begin with; empty if it has none. */
    public String name() {
        JsonNode metadata = json.path("metadata");
        return metadata.path("name").asText(metadata.path("generateName").asText(""));
    }

    /** Whether it says what it is. */
    public boolean isObject() {
        return json.isObject() && !apiVersion().isEmpty() && !kind().isEmpty();
    }

    /** The place of a field, or of the nearest field above it where it isn't there. */
    public Position position(String field) {
        TextNode at = text;
        if (at == null) {
            return Position.NOWHERE;
        }
        for (FieldPath.Step step : FieldPath.parse(field).steps()) {
            TextNode next = step(at, step);
            if (next == null) {
                break;
            }
            at = next;
        }
        return input.position(at.keyStart());
    }

    /** The index of a list's item by its {@code name}, or by its index as a number; -1 where there is none. */
    public static int indexOf(JsonNode list, String item) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path("name").asText("").equals(item)) {
                return i;
            }
        }
        return index(item);
    }

    private @Nullable TextNode step(TextNode from, FieldPath.Step step) {
        TextNode node = from.resolved();
        if (node.isMapping()) {
            return node.member(step.name());
        }
        if (!step.bracketed()) {
            return null;
        }
        List<TextNode> items = node.children();
        for (TextNode item : items) {
            TextNode name = item.resolved().isMapping() ? item.member("name") : null;
            if (name != null && isText(name, step.name())) {
                return item;
            }
        }
        int index = index(step.name());
        return index >= 0 && index < items.size() ? items.get(index) : null;
    }

    private boolean isText(TextNode scalar, String wanted) {
        TextNode node = scalar.resolved();
        String written = input.text().substring(node.start(), node.end()).strip();
        return written.equals(wanted)
                || (node.style() == Style.QUOTED
                        && written.length() == wanted.length() + 2
                        && written.startsWith(wanted, 1));
    }

    private static int index(String text) {
        return !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(text)
                : -1;
    }
}
