package io.gracekeeper.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gracekeeper.policy.UnparsedValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * Makes trees of values under a {@link JsonCursor}: Jackson's own nodes, the same that Jackson would make, but for the fields that
 * may stay bytes. Safe for use by several threads.
 */
final class JsonTrees {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Longer numbers are left to Jackson; no sum of so many digits leaves a long. */
    private static final int MAX_DIGITS = 18;

    /** Of most objects in a pod template; more have to be made room for. */
    private static final int USUAL_MEMBERS = 6;

    private final Set<String> unparsed;
    private final JsonNames names = new JsonNames();

    /**
     * Makes trees.
     *
     * @param unparsed names of fields whose objects and lists become {@link UnparsedValue}s; empty for trees of everything
     */
    JsonTrees(Set<String> unparsed) {
        this.unparsed = unparsed;
    }

    /** Passes the name of a member and goes to its value. */
    String name(JsonCursor cursor) throws BadReviewException {
        int start = cursor.at();
        int end = cursor.skipName();
        return cursor.wasEscaped()
                ? jackson(cursor, start, end + 1).textValue()
                : names.name(cursor.text(), start + 1, end);
    }

    /** Passes a value and makes a tree of it. */
    JsonNode value(JsonCursor cursor) throws BadReviewException {
        byte first = cursor.peek();
        return switch (first) {
            case '{' -> object(cursor, first);
            case '[' -> list(cursor, first);
            case '"' -> string(cursor);
            default -> scalar(cursor, first);
        };
    }

    private ObjectNode object(JsonCursor cursor, byte open) throws BadReviewException {
        var object = new ObjectNode(NODES, new LinkedHashMap<>(USUAL_MEMBERS));
        if (!cursor.enter(open)) {
            return object;
        }
        do {
            String name = name(cursor);
            // The last one of the same name counts, in its first one's place, as with Jackson.
            var _ = object.replace(name, member(name, cursor));
        } while (cursor.next(open));
        return object;
    }

    /** Passes the value of a member and makes a tree of it, or leaves it as bytes. */
    JsonNode member(String name, JsonCursor cursor) throws BadReviewException {
        return mayStay(name, cursor.peek()) ? unparsed(cursor) : value(cursor);
    }

    private boolean mayStay(String name, byte first) {
        return switch (first) {
            case '{', '[' -> unparsed.contains(name);
            case '"' -> !unparsed.isEmpty() && name.equals(UnparsedValue.LAST_APPLIED);
            default -> false;
        };
    }

    private ArrayNode list(JsonCursor cursor, byte open) throws BadReviewException {
        ArrayNode list = NODES.arrayNode();
        if (!cursor.enter(open)) {
            return list;
        }
        do {
            list.add(value(cursor));
        } while (cursor.next(open));
        return list;
    }

    private static JsonNode unparsed(JsonCursor cursor) throws BadReviewException {
        int start = cursor.at();
        cursor.skipValue();
        return UnparsedValue.node(cursor.text(), start, cursor.at());
    }

    private static JsonNode string(JsonCursor cursor) throws BadReviewException {
        int start = cursor.at();
        cursor.skipString();
        return cursor.wasEscaped()
                ? jackson(cursor, start, cursor.at())
                : TextNode.valueOf(
                        new String(cursor.text(), start + 1, cursor.at() - start - 2, StandardCharsets.UTF_8));
    }

    private static JsonNode scalar(JsonCursor cursor, byte first) throws BadReviewException {
        int start = cursor.at();
        cursor.skipValue();
        return switch (first) {
            case 't' -> NODES.booleanNode(true);
            case 'f' -> NODES.booleanNode(false);
            case 'n' -> NODES.nullNode();
            default -> number(cursor, start, cursor.at());
        };
    }

    private static JsonNode number(JsonCursor cursor, int start, int end) throws BadReviewException {
        byte[] text = cursor.text();
        boolean negative = text[start] == '-';
        int digits = negative ? start + 1 : start;
        long value = 0;
        for (int i = digits; i < end; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9 || i - digits >= MAX_DIGITS) {
                return jackson(cursor, start, end); // A fraction, an exponent, or a giant.
            }
            value = value * 10 + digit;
        }
        long signed = negative ? -value : value;
        return signed == (int) signed ? NODES.numberNode((int) signed) : NODES.numberNode(signed);
    }

    /** What is rare is Jackson's to read. */
    private static JsonNode jackson(JsonCursor cursor, int start, int end) throws BadReviewException {
        try {
            return JSON.readTree(cursor.text(), start, end - start);
        } catch (IOException e) {
            throw JsonCursor.bad(start);
        }
    }
}
