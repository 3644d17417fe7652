package io.gracekeeper.cli.fix;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * One change of a text.
 *
 * @param start where it begins
 * @param end behind what it replaces; {@code start} where it only inserts
 * @param replacement what stands there afterwards
 */
record TextEdit(int start, int end, String replacement) {
    /** Applies edits that don't overlap; of several at one place the first in the list comes first. */
    static String apply(String text, Collection<TextEdit> edits) {
        List<TextEdit> ordered =
                edits.stream().sorted(Comparator.comparingInt(TextEdit::start)).toList();
        StringBuilder result = new StringBuilder(text.length() + 64 * ordered.size());
        int from = 0;
        for (TextEdit edit : ordered) {
            result.append(text, from, edit.start).append(edit.replacement);
            from = edit.end;
        }
        return result.append(text, from, text.length()).toString();
    }

    /** Whether both can be applied to one text. */
    boolean isApartFrom(TextEdit other) {
        return end < other.start || other.end < start || (start == end && other.start == other.end);
    }
}
