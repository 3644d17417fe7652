package io.gracekeeper.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.cli.manifest.NodeEvent.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds objects from the events of a document, with bounds that no real manifest reaches: a document can't make us run out of
 * stack or memory. The {@code items} of a List are handed out one by one, however many there are.
 */
final class ObjectReader {
    /** Deeper than any schema of Kubernetes; Jackson and Go's JSON stop at 1000 and 10000. */
    static final int MAX_DEPTH = 250;

    /** The API server takes no request above 3 MiB, which is less than that. */
    static final int MAX_NODES = 500_000;

    /** What aliases may add to a document. An alias costs nothing until somebody walks through it. */
    static final int MAX_ALIASED_NODES = 100_000;

    private final NodeEvent.Source events;
    private final BiConsumer<JsonNode, TextNode> sink;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int nodes;
    private int aliased;

    private record Node(JsonNode json, TextNode text) {}

    private record Anchored(Node node, int size) {}

    /**
     * A reader of one document.
     *
     * @param sink takes each object as soon as it is whole
     */
    ObjectReader(NodeEvent.Source events, BiConsumer<JsonNode, TextNode> sink) {
        this.events = events;
        this.sink = sink;
    }

    /**
     * Reads to the end.
     *
     * @throws SyntaxProblem where it can't; what was handed out before is good
     */
    void read() {
        for (NodeEvent event = events.next(); event.kind() != Kind.STREAM_END; event = events.next()) {
            boolean[] streamed = {false};
            Node root = event.kind() == Kind.MAPPING_START
                    ? mapping(event, null, event.start(), 0, streamed)
                    : node(event, null, event.start(), 0);
            if (!streamed[0]) {
                sink.accept(root.json(), root.text());
            }
        }
    }

    private Node node(NodeEvent event, @Nullable String key, int keyStart, int depth) {
        if (depth > MAX_DEPTH) {
            throw new SyntaxProblem(event.start(), "is nested deeper than " + MAX_DEPTH + " levels");
        }
        int before = nodes + aliased;
        count(event);
        Node node = switch (event.kind()) {
            case MAPPING_START -> mapping(event, key, keyStart, depth, null);
            case SEQUENCE_START -> sequence(event, key, keyStart, depth);
            case ALIAS -> alias(event, key, keyStart);
            case SCALAR ->
                new Node(
                        event.merge() ? JsonNodeFactory.instance.textNode("<<") : event.scalar(),
                        leaf(event, key, keyStart, null));
            case END, STREAM_END -> throw new SyntaxProblem(event.start(), "ends in the middle of an object");
        };
        if (event.anchor() != null && event.kind() != Kind.ALIAS) {
            anchors.put(event.anchor(), new Anchored(node, nodes + aliased - before));
        }
        return node;
    }

    private void count(NodeEvent event) {
        nodes++;
        if (nodes > MAX_NODES) {
            throw new SyntaxProblem(
                    event.start(),
                    "one object has more than " + MAX_NODES + " fields and items, more than an API server takes");
        }
    }

    private Node alias(NodeEvent event, @Nullable String key, int keyStart) {
        Anchored anchored = anchors.get(String.valueOf(event.anchor()));
        if (anchored == null) {
            throw new SyntaxProblem(event.start(), "the alias *" + event.anchor() + " has no anchor before it");
        }
        aliased += anchored.size();
        if (aliased > MAX_ALIASED_NODES) {
            throw new SyntaxProblem(
                    event.start(),
                    "aliases expand to more than " + MAX_ALIASED_NODES + " fields and items, as in a YAML bomb");
        }
        return new Node(
                anchored.node().json(),
                leaf(event, key, keyStart, anchored.node().text().resolved()));
    }

    private static TextNode leaf(NodeEvent event, @Nullable String key, int keyStart, @Nullable TextNode target) {
        return new TextNode(key, keyStart, event.start(), event.end(), event.style(), false, List.of(), target);
    }

    private Node sequence(NodeEvent opening, @Nullable String key, int keyStart, int depth) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        List<TextNode> children = new ArrayList<>();
        NodeEvent event = events.next();
        for (; event.kind() != Kind.END; event = events.next()) {
            Node item = node(event, null, event.start(), depth + 1);
            json.add(item.json());
            children.add(item.text());
        }
        return new Node(json, branch(opening, event, key, keyStart, children));
    }

    /** @param streamed not null for a root, whose items are handed out one by one; says whether that was done */
    private Node mapping(
            NodeEvent opening, @Nullable String key, int keyStart, int depth, boolean @Nullable [] streamed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        List<TextNode> children = new ArrayList<>();
        Set<String> written = new HashSet<>();
        NodeEvent event = events.next();
        for (; event.kind() != Kind.END; event = events.next()) {
            if (event.merge()) {
                children.add(merge(event, json, depth));
                continue;
            }
            String name = key(event, depth);
            if (!written.add(name)) {
                throw new SyntaxProblem(event.start(), "the key \"" + name + "\" is there twice");
            }
            NodeEvent value = events.next();
            if (streamed != null && name.equals("items") && value.kind() == Kind.SEQUENCE_START) {
                items(depth);
                streamed[0] = true;
            } else {
                Node member = node(value, name, event.start(), depth + 1);
                json.set(name, member.json());
                children.add(member.text());
            }
        }
        return new Node(json, branch(opening, event, key, keyStart, children));
    }

    private void items(int depth) {
        int before = nodes;
        for (NodeEvent event = events.next(); event.kind() != Kind.END; event = events.next()) {
            nodes = before;
            aliased = 0;
            Node item = node(event, null, event.start(), depth + 2);
            sink.accept(item.json(), item.text());
        }
        nodes = before;
    }

    private String key(NodeEvent event, int depth) {
        JsonNode key = switch (event.kind()) {
            case SCALAR -> node(event, null, event.start(), depth).json();
            case ALIAS -> alias(event, null, event.start()).json();
            default -> throw new SyntaxProblem(event.start(), "a key has to be a string");
        };
        if (!key.isValueNode() || key.isNull()) {
            throw new SyntaxProblem(event.start(), "a key has to be a string");
        }
        return key.asText();
    }

    /** As go-yaml v2 does: what is merged overrides what stands before it, and gives way to what comes after. */
    private TextNode merge(NodeEvent opening, ObjectNode into, int depth) {
        Node source = node(events.next(), "<<", opening.start(), depth + 1);
        if (source.json() instanceof ArrayNode several) {
            for (int i = several.size() - 1; i >= 0; i--) {
                into.setAll(mergeable(several.get(i), opening));
            }
        } else {
            into.setAll(mergeable(source.json(), opening));
        }
        TextNode text = source.text();
        return new TextNode(
                "<<", opening.start(), text.start(), text.end(), text.style(), true, text.children(), text.target());
    }

    private static ObjectNode mergeable(JsonNode source, NodeEvent at) {
        if (source instanceof ObjectNode object) {
            return object;
        }
        throw new SyntaxProblem(at.start(), "<< can merge nothing but mappings");
    }

    /** A block's end mark is where the next token begins, behind comments and empty lines: its last child ends it. */
    private static TextNode branch(
            NodeEvent opening, NodeEvent closing, @Nullable String key, int keyStart, List<TextNode> children) {
        boolean flow = opening.style() == Style.FLOW_MAPPING || opening.style() == Style.FLOW_SEQUENCE;
        int end = flow
                ? closing.end()
                : children.isEmpty() ? opening.end() : children.getLast().end();
        return new TextNode(key, keyStart, opening.start(), end, opening.style(), false, List.copyOf(children), null);
    }
}
