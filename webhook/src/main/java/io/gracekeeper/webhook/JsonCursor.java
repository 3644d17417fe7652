package io.gracekeeper.webhook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over a JSON text and finds where its values begin and end, without making anything of them: most of a review is never
 * looked at, and a parser that hands out each of its tokens spends more time on that than everything else together. What it accepts
 * is what RFC 8259 calls JSON, and every other parser accepts it too.
 *
 * <p>Not safe for use by several threads; one is made for each text.
 */
final class JsonCursor {
    /** Nothing that Kubernetes knows is nested half as deep. */
    static final int MAX_DEPTH = 500;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long SPACES = ONES * ' ';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private final byte[] text;
    private int at;
    private int depth;
    private boolean escaped;
    private boolean ascii = true;

    /** At the beginning of a text. */
    JsonCursor(byte[] text) {
        this(text, 0);
    }

    /** Somewhere in a text. */
    JsonCursor(byte[] text, int at) {
        this.text = text;
        this.at = at;
    }

    byte[] text() {
        return text;
    }

    /** Where it stands. */
    int at() {
        return at;
    }

    /** Whether the string that was passed last has escapes in it. */
    boolean wasEscaped() {
        return escaped;
    }

    /**
     * Goes to the next value, name or sign.
     *
     * @return its first byte
     */
    byte peek() throws BadReviewException {
        at = afterSpace(at);
        if (at == text.length) {
            throw bad(at);
        }
        return text[at];
    }

    /** Whether nothing but space is left. */
    boolean isAtEnd() {
        at = afterSpace(at);
        return at == text.length;
    }

    /** To be called after the one value of a text: nothing may follow, and what isn't ASCII must be UTF-8. */
    void finish() throws BadReviewException {
        if (!isAtEnd()) {
            throw bad(at);
        }
        if (!ascii) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            } catch (CharacterCodingException e) {
                throw new BadReviewException("not JSON: not UTF-8");
            }
        }
    }

    /**
     * Steps into an object or a list.
     *
     * @param open its first byte, at which the cursor stands
     * @return whether there is anything in it; if not, the cursor has passed it
     */
    boolean enter(byte open) throws BadReviewException {
        at++;
        if (++depth > MAX_DEPTH) {
            throw bad(at);
        }
        if (peek() != close(open)) {
            return true;
        }
        leave();
        return false;
    }

    /**
     * To be called after an item or a member.
     *
     * @param open the first byte of the object or list that it is in
     * @return whether there is another one; if not, the cursor has passed the end
     */
    boolean next(byte open) throws BadReviewException {
        byte sign = peek();
        if (sign == ',') {
            at++;
            at = afterSpace(at);
            return true;
        }
        if (sign != close(open)) {
            throw bad(at);
        }
        leave();
        return false;
    }

    /**
     * Passes a name and its colon, and goes to the value.
     *
     * @return the index after the name's last byte; its first one is after the quote at which the cursor stood
     */
    int skipName() throws BadReviewException {
        if (peek() != '"') {
            throw bad(at);
        }
        skipString();
        int end = at - 1;
        if (peek() != ':') {
            throw bad(at);
        }
        at++;
        at = afterSpace(at);
        return end;
    }

    /**
     * Passes an object, a list or a string, at whose first byte the cursor stands, if it says byte for byte what another one of the
     * same text says: such a value shows by its own bytes where it ends.
     *
     * @param from where the other one begins
     * @param to the index after its end
     * @return whether it does; if not, the cursor stands where it stood
     */
    boolean passRepeated(int from, int to) {
        int end = at + to - from;
        if (end > text.length || text[end - 1] != text[to - 1] || !Arrays.equals(text, at, end, text, from, to)) {
            return false;
        }
        at = end;
        return true;
    }

    /** Passes a value. */
    void skipValue() throws BadReviewException {
        at = afterValue(afterSpace(at));
    }

    /** Passes a string, at whose first quote the cursor stands. */
    void skipString() throws BadReviewException {
        escaped = false;
        at = afterString(at);
    }

    // From here on: from the index where something begins to the one after its end. In locals, since this is where the
    // time goes.

    private int afterValue(int start) throws BadReviewException {
        if (start == text.length) {
            throw bad(start);
        }
        return switch (text[start]) {
            case '{' -> afterContainer(start, true, (byte) '}');
            case '[' -> afterContainer(start, false, (byte) ']');
            case '"' -> afterString(start);
            case 't' -> afterWord(start, "true");
            case 'f' -> afterWord(start, "false");
            case 'n' -> afterWord(start, "null");
            default -> afterNumber(start);
        };
    }

    private int afterContainer(int start, boolean names, byte close) throws BadReviewException {
        if (++depth > MAX_DEPTH) {
            throw bad(start);
        }
        int i = afterSpace(start + 1);
        if (i < text.length && text[i] == close) {
            depth--;
            return i + 1;
        }
        while (true) {
            i = afterSpace(afterValue(names ? afterName(i) : i));
            if (i == text.length) {
                throw bad(i);
            }
            byte sign = text[i];
            if (sign == close) {
                depth--;
                return i + 1;
            }
            if (sign != ',') {
                throw bad(i);
            }
            i = afterSpace(i + 1);
        }
    }

    /** A name, its colon, and space. */
    private int afterName(int start) throws BadReviewException {
        if (start == text.length || text[start] != '"') {
            throw bad(start);
        }
        int i = afterSpace(afterString(start));
        if (i == text.length || text[i] != ':') {
            throw bad(i);
        }
        return afterSpace(i + 1);
    }

    private int afterString(int start) throws BadReviewException {
        int i = start + 1;
        int lastWord = text.length - Long.BYTES;
        while (true) {
            if (i <= lastWord) {
                long stops = stops((long) WORD.get(text, i));
                if (stops == 0) {
                    i += Long.BYTES;
                    continue;
                }
                i += Long.numberOfTrailingZeros(stops) >>> 3;
            } else if (i >= text.length) {
                throw bad(text.length);
            }
            byte b = text[i];
            if (b == '"') {
                return i + 1;
            }
            if (b == '\\') {
                escaped = true;
                i = afterEscape(i);
            } else if (b >= 0 && b < ' ') {
                throw bad(i);
            } else {
                ascii &= b >= 0;
                i++;
            }
        }
    }

    /**
     * The high bit of every byte at which a string ends, or is anything but printable ASCII. Only the lowest bit is to be trusted:
     * a borrow may set others above it.
     */
    private static long stops(long word) {
        return (word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES)) & HIGH_BITS;
    }

    private int afterEscape(int backslash) throws BadReviewException {
        int i = backslash + 1;
        if (i >= text.length) {
            throw bad(text.length);
        }
        return switch (text[i]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> i + 1;
            case 'u' -> afterHexDigits(i + 1);
            default -> throw bad(i);
        };
    }

    private int afterHexDigits(int first) throws BadReviewException {
        int end = first + 4;
        for (int i = first; i < end; i++) {
            if (i >= text.length || Character.digit(text[i], 16) < 0) {
                throw bad(Math.min(i, text.length));
            }
        }
        return end;
    }

    private int afterWord(int start, String word) throws BadReviewException {
        for (int i = 0; i < word.length(); i++) {
            if (start + i == text.length || text[start + i] != word.charAt(i)) {
                throw bad(start + i);
            }
        }
        return start + word.length();
    }

    private int afterNumber(int start) throws BadReviewException {
        int i = text[start] == '-' ? start + 1 : start;
        i = is(i, '0') ? i + 1 : afterDigits(i);
        if (is(i, '.')) {
            i = afterDigits(i + 1);
        }
        if (is(i, 'e') || is(i, 'E')) {
            i++;
            i = afterDigits(is(i, '+') || is(i, '-') ? i + 1 : i);
        }
        return i;
    }

    private int afterDigits(int start) throws BadReviewException {
        int i = start;
        while (i < text.length && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        if (i == start) {
            throw bad(i);
        }
        return i;
    }

    private boolean is(int i, char wanted) {
        return i < text.length && text[i] == wanted;
    }

    private int afterSpace(int start) {
        int i = start;
        while (i < text.length && text[i] <= ' ' && isSpace(text[i])) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void leave() {
        at++;
        depth--;
    }

    private static byte close(byte open) {
        return open == '{' ? (byte) '}' : (byte) ']';
    }

    /** The text itself is not quoted: whoever sent it has it, and a log has no business with it. */
    static BadReviewException bad(int at) {
        return new BadReviewException("not JSON, at byte " + at);
    }
}
