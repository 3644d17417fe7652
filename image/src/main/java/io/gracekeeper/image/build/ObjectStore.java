package io.gracekeeper.image.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The objects of the stand-in for an API server, in memory, with watches. It knows nothing about any kind. */
final class ObjectStore {
    /** What changed, for those who watch the collection that it is in. */
    private record Watch(ApiPath collection, BlockingQueue<String> events) {}

    private final ObjectMapper json;
    private final Map<ApiPath, ObjectNode> objects = new TreeMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private long resourceVersion = 1;

    ObjectStore(ObjectMapper json) {
        this.json = json;
    }

    synchronized @Nullable ObjectNode get(ApiPath path) {
        ObjectNode found = objects.get(path);
        return found == null ? null : found.deepCopy();
    }

    /** Stores an object, new or changed, and tells the watches. Returns it with what the server adds. */
    synchronized ObjectNode put(ApiPath path, ObjectNode object) {
        ObjectNode stored = object.deepCopy();
        ObjectNode metadata = stored.withObject("/metadata");
        metadata.put("name", path.name());
        if (!path.namespace().isEmpty()) {
            metadata.put("namespace", path.namespace());
        }
        ObjectNode old = objects.get(path);
        if (!metadata.has("uid")) {
            metadata.put("uid", "00000000-0000-4000-8000-" + "%012d".formatted(resourceVersion));
        }
        if (!metadata.has("creationTimestamp")) {
            metadata.put("creationTimestamp", "2026-11-24T00:00:00Z");
        }
        if (!metadata.has("generation")) {
            metadata.put("generation", 1);
        }
        metadata.put("resourceVersion", Long.toString(++resourceVersion));
        objects.put(path, stored);
        tell(path, old == null ? "ADDED" : "MODIFIED", stored);
        return stored.deepCopy();
    }

    synchronized void delete(ApiPath path) {
        ObjectNode removed = objects.remove(path);
        if (removed != null) {
            removed.withObject("/metadata").put("resourceVersion", Long.toString(++resourceVersion));
            tell(path, "DELETED", removed);
        }
    }

    /** Everything in a collection, as the list that an API server answers. */
    synchronized ObjectNode list(ApiPath collection) {
        ObjectNode list = json.createObjectNode();
        list.put("apiVersion", "v1").put("kind", "List");
        list.putObject("metadata").put("resourceVersion", Long.toString(resourceVersion));
        ArrayNode items = list.putArray("items");
        objects.forEach((path, object) -> {
            if (path.isIn(collection)) {
                items.add(object.deepCopy());
            }
        });
        return list;
    }

    /**
     * What happens in a collection after a list that had this resourceVersion, as the lines of a watch. What was written between
     * that list and this call comes first.
     */
    synchronized BlockingQueue<String> watch(ApiPath collection, long since) {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        objects.forEach((path, object) -> {
            if (path.isIn(collection) && object.at("/metadata/resourceVersion").asLong() > since) {
                events.add(event("ADDED", object));
            }
        });
        watches.add(new Watch(collection, events));
        return events;
    }

    private void tell(ApiPath path, String type, JsonNode object) {
        String event = event(type, object);
        watches.stream().filter(watch -> path.isIn(watch.collection)).forEach(watch -> watch.events.add(event));
    }

    private String event(String type, JsonNode object) {
        return json.createObjectNode()
                .put("type", type)
                .<ObjectNode>set("object", object)
                .toString();
    }
}
