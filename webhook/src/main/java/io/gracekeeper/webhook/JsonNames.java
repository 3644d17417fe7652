package io.gracekeeper.webhook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers names of fields, so that the same few hundred of them aren't made anew for every review. It holds two names for
 * each of its places, and only short ones, so that nobody can fill the memory with names. Safe for use by several threads: an entry never
 * changes, and whoever doesn't see another's makes his own.
 */
final class JsonNames {
    private static final int PLACES_LOG2 = 11;
    private static final int PLACES = 1 << PLACES_LOG2;
    private static final int MAX_LENGTH = 64;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Odd, and the golden ratio of 64 bits: it spreads any difference over the high bits (Knuth, TAOCP 6.4). */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final @Nullable Entry[] entries = new Entry[PLACES];

    /** A name, and what it is recognised by. */
    private static final class Entry {
        private final byte[] bytes;
        private final long first;
        private final long last;
        private final String name;

        Entry(byte[] bytes, long first, long last) {
            this.bytes = bytes;
            this.first = first;
            this.last = last;
            this.name = new String(bytes, StandardCharsets.UTF_8);
        }

        boolean spells(byte[] text, int from, int to, long first, long last) {
            int length = to - from;
            return first == this.first
                    && last == this.last
                    && length == bytes.length
                    // Two words are all of it, up to there.
                    && (length <= 2 * Long.BYTES || Arrays.equals(text, from, to, bytes, 0, length));
        }
    }

    /** The name that these bytes spell, without escapes. */
    String name(byte[] text, int from, int to) {
        int length = to - from;
        if (length == 0 || length > MAX_LENGTH) {
            return new String(text, from, length, StandardCharsets.UTF_8);
        }
        long first = firstOf(text, from, length);
        long last = lastOf(text, from, length);
        int place = place(first, last, length);
        Entry entry = entries[place];
        if (entry != null && entry.spells(text, from, to, first, last)) {
            return entry.name;
        }
        int other = place ^ 1; // So that two names of one place don't drive each other out.
        Entry neighbour = entries[other];
        if (neighbour != null && neighbour.spells(text, from, to, first, last)) {
            return neighbour.name;
        }
        var made = new Entry(Arrays.copyOfRange(text, from, to), first, last);
        entries[entry == null ? place : other] = made;
        return made.name;
    }

    /** The first eight bytes of a name, or all of a shorter one. */
    private static long firstOf(byte[] text, int from, int length) {
        if (length >= Long.BYTES) {
            return (long) WORD.get(text, from);
        }
        if (from + Long.BYTES <= text.length) {
            return (long) WORD.get(text, from) & ((1L << (length * Byte.SIZE)) - 1);
        }
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << Byte.SIZE | (text[from + i] & 0xFF);
        }
        return word;
    }

    /** The last eight bytes of a name, or all of a shorter one. */
    private static long lastOf(byte[] text, int from, int length) {
        return length <= Long.BYTES ? firstOf(text, from, length) : (long) WORD.get(text, from + length - Long.BYTES);
    }

    private static int place(long first, long last, int length) {
        long hash = (first ^ Long.rotateLeft(last, 29) ^ length) * MIX;
        return (int) (hash >>> (Long.SIZE - PLACES_LOG2));
    }
}
