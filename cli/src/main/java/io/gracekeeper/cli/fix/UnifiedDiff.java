package io.gracekeeper.cli.fix;

import java.util.ArrayList;
import java.util.List;

/**
 * The difference of two texts as {@code diff -u} writes it. Made for edits that are few and far between: lines are paired from
 * where they differ to where they agree again.
 */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;

    private final List<String> before;
    private final List<String> after;
    private final List<Change> changes = new ArrayList<>();

    /** Lines of both texts that stand for each other; from the first of them on, ends exclusive. */
    private record Change(int from, int to, int newFrom, int newTo) {}

    private UnifiedDiff(String before, String after) {
        this.before = lines(before);
        this.after = lines(after);
        find();
    }

    /**
     * The difference; empty where there is none.
     *
     * @param name of the file
     */
    public static String of(String name, String before, String after) {
        var diff = new UnifiedDiff(before, after);
        if (diff.changes.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("--- a/")
                .append(name)
                .append("\n+++ b/")
                .append(name)
                .append('\n');
        for (int i = 0; i < diff.changes.size(); ) {
            i = diff.hunk(i, out);
        }
        return out.toString();
    }

    /** Each with its line break. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int newline = text.indexOf('\n', from);
            int end = newline < 0 ? text.length() : newline + 1;
            lines.add(text.substring(from, end));
            from = end;
        }
        return lines;
    }

    private void find() {
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                i++;
                j++;
                continue;
            }
            int[] next = meeting(i, j);
            changes.add(new Change(i, next[0], j, next[1]));
            i = next[0];
            j = next[1];
        }
    }

    /** The nearest pair of lines from which on both texts agree for a while. */
    private int[] meeting(int i, int j) {
        int rest = before.size() - i + after.size() - j;
        for (int distance = 1; distance <= rest; distance++) {
            for (int skipped = 0; skipped <= distance; skipped++) {
                int a = i + skipped;
                int b = j + distance - skipped;
                if (a <= before.size() && b <= after.size() && agree(a, b)) {
                    return new int[] {a, b};
                }
            }
        }
        return new int[] {before.size(), after.size()};
    }

    private boolean agree(int a, int b) {
        for (int k = 0; k < CONTEXT; k++) {
            boolean endOfA = a + k >= before.size();
            boolean endOfB = b + k >= after.size();
            if (endOfA || endOfB) {
                return endOfA && endOfB;
            }
            if (!before.get(a + k).equals(after.get(b + k))) {
                return false;
            }
        }
        return true;
    }

    /** Writes the hunk that begins with a change, and says which change is the first of the next one. */
    private int hunk(int first, StringBuilder out) {
        int last = first;
        while (last + 1 < changes.size()
                && changes.get(last + 1).from() - changes.get(last).to() <= 2 * CONTEXT) {
            last++;
        }
        int from = Math.max(0, changes.get(first).from() - CONTEXT);
        int to = Math.min(before.size(), changes.get(last).to() + CONTEXT);
        int newFrom = changes.get(first).newFrom() - (changes.get(first).from() - from);
        int newTo = changes.get(last).newTo() + (to - changes.get(last).to());
        out.append("@@ -")
                .append(range(from, to))
                .append(" +")
                .append(range(newFrom, newTo))
                .append(" @@\n");
        int at = from;
        for (Change change : changes.subList(first, last + 1)) {
            write(' ', before.subList(at, change.from()), out);
            write('-', before.subList(change.from(), change.to()), out);
            write('+', after.subList(change.newFrom(), change.newTo()), out);
            at = change.to();
        }
        write(' ', before.subList(at, to), out);
        return last + 1;
    }

    private static String range(int from, int to) {
        int length = to - from;
        return (length == 0 ? from : from + 1) + (length == 1 ? "" : "," + length);
    }

    private static void write(char sign, List<String> lines, StringBuilder out) {
        for (String line : lines) {
            out.append(sign).append(line);
            if (!line.endsWith("\n")) {
                out.append("\n\\ No newline at end of file\n");
            }
        }
    }
}
