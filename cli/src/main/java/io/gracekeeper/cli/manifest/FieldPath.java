package io.gracekeeper.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * A field as the engine's texts name it, for instance {@code spec.template.spec.containers[app].lifecycle.preStop}: members by
 * dots, list items by their name or index in brackets, and keys with dots in brackets too.
 *
 * @param steps the parts
 */
public record FieldPath(List<Step> steps) {
    /**
     * One part.
     *
     * @param name of the member, of the item's {@code name}, or the item's index
     * @param bracketed whether it stood in brackets
     */
    public record Step(String name, boolean bracketed) {}

    /** Copies the list. */
    public FieldPath {
        steps = List.copyOf(steps);
    }

    /** Takes a path apart. Anything is a path; a bracket that is never closed ends with the text. */
    public static FieldPath parse(String path) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        while (from < path.length()) {
            if (path.charAt(from) == '[') {
                int close = path.indexOf(']', from);
                int end = close < 0 ? path.length() : close;
                steps.add(new Step(path.substring(from + 1, end), true));
                from = end + 1;
            } else {
                int end = from;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                if (end > from) {
                    steps.add(new Step(path.substring(from, end), false));
                }
                from = end < path.length() && path.charAt(end) == '.' ? end + 1 : end;
            }
        }
        return new FieldPath(steps);
    }
}
