package io.gracekeeper.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers names of fields, so that the same few hundred of them aren't made anew for every review. It holds two names for
 * each of its places, and only short ones, so that nobody can fill the memory with names. Safe for use by several threads: an entry never
 * changes, and whoever doesn't see another's makes his own.
 */
final class JsonNames {
    private static final int PLACES = 2048; // A power of two.
    private static final int MAX_LENGTH = 64;

    private final @Nullable Entry[] entries = new Entry[PLACES];

    private static final class Entry {
        private final byte[] bytes;
        private final String name;

        Entry(byte[] bytes) {
            this.bytes = bytes;
            this.name = new String(bytes, StandardCharsets.UTF_8);
        }

        boolean spells(byte[] text, int from, int to) {
            return Arrays.equals(text, from, to, bytes, 0, bytes.length);
        }
    }

    /** The name that these bytes spell, without escapes. */
    String name(byte[] text, int from, int to) {
        int length = to - from;
        if (length == 0 || length > MAX_LENGTH) {
            return new String(text, from, length, StandardCharsets.UTF_8);
        }
        int place = place(text, from, to);
        Entry entry = entries[place];
        if (entry != null && entry.spells(text, from, to)) {
            return entry.name;
        }
        int other = place ^ 1; // So that two names of one place don't drive each other out.
        Entry neighbour = entries[other];
        if (neighbour != null && neighbour.spells(text, from, to)) {
            return neighbour.name;
        }
        var made = new Entry(Arrays.copyOfRange(text, from, to));
        entries[entry == null ? place : other] = made;
        return made.name;
    }

    private static int place(byte[] text, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        return (hash ^ (hash >>> 10)) & (PLACES - 1);
    }
}
