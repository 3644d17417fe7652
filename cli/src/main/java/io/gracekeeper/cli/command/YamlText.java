package io.gracekeeper.cli.command;

import java.util.Collection;
import java.util.stream.Collectors;

/** The little YAML that we write ourselves. */
final class YamlText {
    private YamlText() {}

    /** Plain where no YAML reader could take it for anything but this string, quoted otherwise. */
    static String scalar(String text) {
        boolean plain =
                text.matches("[A-Za-z][A-Za-z0-9._/*-]*") && !text.matches("(?i)y|yes|n|no|true|false|on|off|null");
        return plain ? text : quoted(text);
    }

    /** In double quotes, on one line. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        quoted.append(String.format("\\u%04x", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** A list on one line. */
    static String list(Collection<String> items) {
        return items.stream().map(YamlText::scalar).collect(Collectors.joining(", ", "[", "]"));
    }
}
