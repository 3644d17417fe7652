package io.gracekeeper.cli.manifest;

/**
 * A place in a text, as editors and compilers count.
 *
 * @param line from 1
 * @param column from 1, in Unicode code points
 */
public record Position(int line, int column) {
    /** Of what stands in no text: an object of a cluster. */
    public static final Position NOWHERE = new Position(0, 0);

    /** Whether it is a place at all. */
    public boolean isSomewhere() {
        return line > 0;
    }
}
