package io.gracekeeper.cli.manifest;

/**
 * A place in a text, as editors and compilers count.
 *
 * @param line from 1
 * @param column from 1, in Unicode code points
 */
public record Position(int line, int column) {}
