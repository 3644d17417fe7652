package io.gracekeeper.cli.manifest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The text of one input, whole, with its lines. Safe for several threads at once. */
public final class InputText {
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final char REPLACEMENT = '\uFFFD';

    private final String name;
    private final @Nullable Path file;
    private final boolean bom;
    private final String text;
    /** Found when somebody asks, by several threads at worst, which all find the same. */
    private volatile int @Nullable [] lineStarts;

    private InputText(String name, @Nullable Path file, boolean bom, String text) {
        this.name = name;
        this.file = file;
        this.bom = bom;
        this.text = text;
    }

    /**
     * A text that is there already.
     *
     * @param name how messages call it; empty for the cluster
     */
    public static InputText of(String name, String text) {
        return new InputText(name, null, false, text);
    }

    /**
     * Decodes UTF-8, with or without a byte order mark.
     *
     * @param name how messages call it
     * @param file null for standard input
     * @throws SyntaxProblem if it is something else
     */
    static InputText decode(String name, @Nullable Path file, byte[] bytes) {
        boolean bom = bytes.length >= BOM.length && Arrays.equals(bytes, 0, BOM.length, BOM, 0, BOM.length);
        if (!bom && bytes.length >= 2 && ((bytes[0] == -1 && bytes[1] == -2) || (bytes[0] == -2 && bytes[1] == -1))) {
            throw new SyntaxProblem(-1, "is UTF-16; save it as UTF-8");
        }
        int start = bom ? BOM.length : 0;
        String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformed(bytes, start);
        }
        return new InputText(name, file, bom, text);
    }

    /** A replacement character is either written as such, or stands for bytes that are no character. */
    private static void refuseMalformed(byte[] bytes, int start) {
        ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharBuffer out = CharBuffer.allocate(8192);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            long line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new SyntaxProblem(
                    -1, "is not UTF-8: line " + line + " has a byte that is no character; save it as UTF-8");
        }
    }

    /** How messages call it: the path as the user wrote it, or {@code <stdin>}; empty for the cluster. */
    public String name() {
        return name;
    }

    /** Where it is on disk; null for standard input. */
    public @Nullable Path file() {
        return file;
    }

    /** The text, without a byte order mark. */
    public String text() {
        return text;
    }

    /** The bytes of this input with another text, its byte order mark kept. */
    public byte[] encode(String other) {
        byte[] content = other.getBytes(StandardCharsets.UTF_8);
        if (!bom) {
            return content;
        }
        byte[] all = Arrays.copyOf(BOM, BOM.length + content.length);
        System.arraycopy(content, 0, all, BOM.length, content.length);
        return all;
    }

    /**
     * The place of a character.
     *
     * @param offset in the text, from 0; its length is the end
     */
    public Position position(int offset) {
        int at = Math.clamp(offset, 0, text.length());
        int found = Arrays.binarySearch(lineStarts(), at);
        int line = found >= 0 ? found : -found - 2;
        return new Position(line + 1, text.codePointCount(lineStarts()[line], at) + 1);
    }

    private int[] lineStarts() {
        int[] known = lineStarts;
        if (known == null) {
            int[] starts = new int[Math.max(16, text.length() / 24)];
            int count = 1;
            for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
            known = Arrays.copyOf(starts, count);
            lineStarts = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return name;
    }
}
