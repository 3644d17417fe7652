package io.gracekeeper.cli.manifest;

import java.io.Reader;

/**
 * A part of a text, of which at most so much is read at once: the YAML scanner looks for the end of a value or comment in a copy that
 * grows with every step, and has no bound of its own.
 */
final class BoundedReader extends Reader {
    /** The API server takes no request above 3 MiB. */
    static final int MAX_AT_ONCE = 4_000_000;

    private final String text;
    private final int end;
    private int at;
    private int stepStart;
    private int place;

    /**
     * A reader.
     *
     * @param start of the part
     * @param end exclusive
     */
    BoundedReader(String text, int start, int end) {
        this.text = text;
        this.end = end;
        this.at = start;
        this.stepStart = start;
        this.place = start;
    }

    /**
     * Begins another step: what was read so far was not too long.
     *
     * @param place behind what was found so far: the scanner reads ahead
     */
    void step(int place) {
        stepStart = at;
        this.place = place;
    }

    @Override
    public int read(char[] into, int offset, int length) {
        if (at >= end) {
            return -1;
        }
        if (at - stepStart > MAX_AT_ONCE) {
            throw tooLong(place);
        }
        int count = Math.min(length, end - at);
        text.getChars(at, at + count, into, offset);
        at += count;
        return count;
    }

    /** What to say of a value that begins somewhere here. */
    static SyntaxProblem tooLong(int offset) {
        return new SyntaxProblem(
                offset,
                "has a value or comment of more than " + MAX_AT_ONCE + " characters, more than an API server takes");
    }

    @Override
    public void close() {}
}
