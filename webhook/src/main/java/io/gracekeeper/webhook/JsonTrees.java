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
import org.jspecify.annotations.Nullable;

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

    /** Containers, ports, owners. */
    private static final int USUAL_ITEMS = 2;

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
        return value(cursor, null);
    }

    /**
     * Passes a value and makes a tree of it, which shares with another one what both say in the same bytes: most of an old object
     * is said in the new one too. So nobody may change either.
     *
     * @param twin a tree that was made of another value of the same text, by this; null for a tree of its own
     */
    JsonNode value(JsonCursor cursor, @Nullable JsonNode twin) throws BadReviewException {
        byte first = cursor.peek();
        return switch (first) {
            case '{' -> twin != null && isRepeated(cursor, twin) ? twin : object(cursor, first, twin);
            case '[' -> twin != null && isRepeated(cursor, twin) ? twin : list(cursor, first, twin);
            case '"' -> string(cursor);
            default -> scalar(cursor, first);
        };
    }

    /** Passes a value that is the same as the one that a tree was made of. */
    private static boolean isRepeated(JsonCursor cursor, JsonNode twin) {
        return switch (twin) {
            case ReadObject object -> cursor.passRepeated(object.from, object.to);
            case ReadList list -> cursor.passRepeated(list.from, list.to);
            default -> {
                UnparsedValue unparsed = UnparsedValue.of(twin);
                yield unparsed != null && cursor.passRepeated(unparsed.from(), unparsed.to());
            }
        };
    }

    private ObjectNode object(JsonCursor cursor, byte open, @Nullable JsonNode twin) throws BadReviewException {
        var object = new ReadObject(cursor.at());
        if (cursor.enter(open)) {
            do {
                String name = name(cursor);
                // The last one of the same name counts, in its first one's place, as with Jackson.
                var _ = object.replace(name, member(name, cursor, twin == null ? null : twin.get(name)));
            } while (cursor.next(open));
        }
        object.to = cursor.at();
        return object;
    }

    /** Passes the value of a member and makes a tree of it, or leaves it as bytes. */
    private JsonNode member(String name, JsonCursor cursor, @Nullable JsonNode twin) throws BadReviewException {
        if (!mayStay(name, cursor.peek())) {
            return value(cursor, twin);
        }
        return twin != null && isRepeated(cursor, twin) ? twin : unparsed(cursor);
    }

    private boolean mayStay(String name, byte first) {
        return switch (first) {
            case '{', '[' -> unparsed.contains(name);
            case '"' -> !unparsed.isEmpty() && name.equals(UnparsedValue.LAST_APPLIED);
            default -> false;
        };
    }

    private ArrayNode list(JsonCursor cursor, byte open, @Nullable JsonNode twin) throws BadReviewException {
        var list = new ReadList(cursor.at());
        if (cursor.enter(open)) {
            do {
                list.add(value(cursor, twin == null ? null : twin.get(list.size())));
            } while (cursor.next(open));
        }
        list.to = cursor.at();
        return list;
    }

    private static JsonNode unparsed(JsonCursor cursor) throws BadReviewException {
        int start = cursor.at();
        cursor.skipValue();
        return UnparsedValue.node(cursor.text(), start, cursor.at());
    }

    /** Jackson's, which knows where it stood in the text. */
    @SuppressWarnings("unchecked") // Jackson's own deepCopy() is.
    private static final class ReadObject extends ObjectNode {
        private final int from;
        private int to;

        ReadObject(int from) {
            super(NODES, new LinkedHashMap<>(USUAL_MEMBERS));
            this.from = from;
        }
    }

    /** Jackson's, which knows where it stood in the text. */
    @SuppressWarnings("unchecked") // Jackson's own deepCopy() is.
    private static final class ReadList extends ArrayNode {
        private final int from;
        private int to;

        ReadList(int from) {
            super(NODES, USUAL_ITEMS);
            this.from = from;
        }
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
