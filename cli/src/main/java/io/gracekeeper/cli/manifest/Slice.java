package io.gracekeeper.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * One document's part of a text, found before anything is parsed: a document that is broken then stops none of the others. YAML
 * allows that, since a line that begins with {@code ---} or {@code ...} and a blank can't be content of anything (YAML 1.2, 9.1.2).
 *
 * @param start of the document, its {@code ---} included
 * @param end exclusive
 */
record Slice(int start, int end) {
    private static final String BLANKS = " \t\r\n";

    /** The documents of a text, in order; parts without anything but blanks behind their {@code ---} are left out. */
    static List<Slice> of(String text) {
        List<Slice> slices = new ArrayList<>();
        int start = 0;
        for (int line = 0; line < text.length(); line = nextLine(text, line)) {
            if (isMarker(text, line, "---") && !isOnlyDirectives(text, start, line)) {
                add(slices, text, start, line);
                start = line;
            } else if (isMarker(text, line, "...")) {
                add(slices, text, start, line);
                start = nextLine(text, line);
            }
        }
        add(slices, text, start, text.length());
        return slices;
    }

    private static void add(List<Slice> slices, String text, int start, int end) {
        int content = isMarker(text, start, "---") ? start + 3 : start;
        for (int i = content; i < end; i++) {
            if (BLANKS.indexOf(text.charAt(i)) < 0) {
                slices.add(new Slice(start, end));
                return;
            }
        }
    }

    private static int nextLine(String text, int from) {
        int newline = text.indexOf('\n', from);
        return newline < 0 ? text.length() : newline + 1;
    }

    private static boolean isMarker(String text, int at, String marker) {
        int after = at + marker.length();
        return text.startsWith(marker, at) && (after == text.length() || BLANKS.indexOf(text.charAt(after)) >= 0);
    }

    /** {@code %YAML} and {@code %TAG} lines belong to the document whose marker comes after them. */
    private static boolean isOnlyDirectives(String text, int start, int end) {
        boolean directive = false;
        for (int line = start; line < end; line = nextLine(text, line)) {
            char first = text.charAt(line);
            directive |= first == '%';
            if (first != '%' && first != '#' && first > ' ') {
                return false;
            }
        }
        return directive;
    }
}
