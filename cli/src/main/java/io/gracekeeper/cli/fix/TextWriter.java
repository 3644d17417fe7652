package io.gracekeeper.cli.fix;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.cli.manifest.Style;
import io.gracekeeper.cli.manifest.TextNode;
import java.util.Map;
import java.util.StringJoiner;

/** Writes members into a text in the text's own style. */
final class TextWriter {
    private final String text;
    private final String newline;
    private final int step;

    /**
     * A writer.
     *
     * @param text whole
     * @param root of the object, whose indentation is followed
     */
    TextWriter(String text, TextNode root) {
        this.text = text;
        newline = text.contains("\r\n") ? "\r\n" : "\n";
        step = step(root);
    }

    /** How far a member of a member stands to the right; 2 where nothing shows it. */
    private int step(TextNode node) {
        if (node.style() == Style.BLOCK_MAPPING) {
            for (TextNode child : node.children()) {
                if (child.style() == Style.BLOCK_MAPPING && child.target() == null) {
                    int deeper = column(child.children().getFirst().keyStart()) - column(child.keyStart());
                    if (deeper > 0) {
                        return deeper;
                    }
                }
            }
        }
        return 2;
    }

    private int column(int offset) {
        return offset - lineStart(offset);
    }

    private int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Behind the line that an offset is in, its line break included; the text's end where it is the last. */
    private int lineEnd(int offset) {
        int newlineAt = text.indexOf('\n', offset);
        return newlineAt < 0 ? text.length() : newlineAt + 1;
    }

    /** Another value in the place of a scalar. */
    TextEdit replace(TextNode scalar, JsonNode value) {
        boolean empty = scalar.start() == scalar.end();
        boolean quoted = text.startsWith("\"", scalar.keyStart());
        String written = flow(value, quoted && value.isContainerNode());
        return new TextEdit(
                scalar.start(),
                scalar.end(),
                empty && !text.startsWith(" ", scalar.start() - 1) ? " " + written : written);
    }

    /** One more member of a mapping. */
    TextEdit insert(TextNode mapping, String key, JsonNode value) {
        return mapping.style() == Style.BLOCK_MAPPING
                ? insertLines(mapping, key, value)
                : insertInBrackets(mapping, key, value);
    }

    private TextEdit insertInBrackets(TextNode mapping, String key, JsonNode value) {
        if (mapping.children().isEmpty()) {
            boolean json = text.startsWith("\"", mapping.keyStart());
            int inside = text.indexOf('{', mapping.start()) + 1;
            return new TextEdit(inside, inside, member(key, value, json));
        }
        TextNode last = mapping.children().getLast();
        boolean json = text.startsWith("\"", last.keyStart());
        boolean ownLine =
                text.substring(lineStart(last.keyStart()), last.keyStart()).isBlank();
        String gap = ownLine ? newline + text.substring(lineStart(last.keyStart()), last.keyStart()) : " ";
        int at = last.end();
        return new TextEdit(at, at, "," + gap + member(key, value, json));
    }

    private static String member(String key, JsonNode value, boolean json) {
        return (json ? "\"" + key + "\"" : key) + ": " + flow(value, json);
    }

    /**
     * New lines behind the member before {@code containers}, for what is the pod's, so that it is seen; behind the last member
     * otherwise. Comments stay with what comes after them.
     */
    private TextEdit insertLines(TextNode mapping, String key, JsonNode value) {
        TextNode first = mapping.children().getFirst();
        int indent = column(first.keyStart());
        StringBuilder lines = new StringBuilder();
        block(key, value, indent, lines);
        int containers = index(mapping, "containers");
        boolean early = containers >= 0
                && !value.isContainerNode()
                && mapping.children().stream().noneMatch(TextNode::merge);
        if (early && containers == 0) {
            int above = lineStart(mapping.keyStart());
            int at = lineEnd(mapping.keyStart());
            if (mapping.key() != null && above < lineStart(first.keyStart())) {
                return new TextEdit(at, at, lines.toString());
            }
        }
        int before =
                early && containers > 0 ? containers - 1 : mapping.children().size() - 1;
        return behind(mapping.children().get(before), lines.toString());
    }

    private static int index(TextNode mapping, String key) {
        for (int i = 0; i < mapping.children().size(); i++) {
            if (key.equals(mapping.children().get(i).key())) {
                return i;
            }
        }
        return -1;
    }

    private TextEdit behind(TextNode child, String lines) {
        int last = lastCharacter(child);
        int at = lineEnd(last);
        boolean open = at == text.length() && !text.endsWith("\n");
        return open
                ? new TextEdit(at, at, newline + lines.substring(0, lines.length() - newline.length()))
                : new TextEdit(at, at, lines);
    }

    /** A block scalar's mark stands behind the empty lines that follow it, which are its own only where it keeps them. */
    private int lastCharacter(TextNode node) {
        TextNode deepest = node;
        while (!deepest.isFlow() && !deepest.children().isEmpty()) {
            deepest = deepest.children().getLast();
        }
        int end = Math.max(deepest.end(), deepest.keyStart());
        if (deepest.style() != Style.BLOCK_SCALAR) {
            return end;
        }
        int last = Math.max(deepest.start(), end - 1);
        boolean keeps = text.substring(deepest.start(), text.indexOf('\n', deepest.start()) + 1)
                .contains("+");
        while (!keeps && last > deepest.start() && Character.isWhitespace(text.charAt(last))) {
            last--;
        }
        return last;
    }

    private void block(String key, JsonNode value, int indent, StringBuilder into) {
        into.append(" ".repeat(indent)).append(key).append(':');
        if (value.isObject() && !value.isEmpty()) {
            into.append(newline);
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                block(member.getKey(), member.getValue(), indent + step, into);
            }
        } else {
            into.append(' ').append(flow(value, false)).append(newline);
        }
    }

    /** A value on one line; all that fixes contain are mappings, numbers and plain words. */
    private static String flow(JsonNode value, boolean json) {
        if (value.isObject()) {
            var members = new StringJoiner(", ", "{", "}");
            value.properties().forEach(member -> members.add(member(member.getKey(), member.getValue(), json)));
            return members.toString();
        }
        if (value.isArray()) {
            var items = new StringJoiner(", ", "[", "]");
            value.forEach(item -> items.add(flow(item, json)));
            return items.toString();
        }
        boolean plain = !json && value.isTextual() && value.textValue().matches("[A-Za-z/][A-Za-z0-9/._-]*");
        return plain ? value.textValue() : value.toString();
    }
}
