package io.gracekeeper.cli.manifest;

/** How a node is written. */
public enum Style {
    /** One {@code key: value} a line. */
    BLOCK_MAPPING,
    /** {@code {key: value}}, also that of JSON. */
    FLOW_MAPPING,
    /** One {@code - item} a line. */
    BLOCK_SEQUENCE,
    /** {@code [item]}, also that of JSON. */
    FLOW_SEQUENCE,
    /** A scalar without quotes. */
    PLAIN,
    /** A scalar in quotes, and the strings of JSON. */
    QUOTED,
    /** A scalar after {@code |} or {@code >}. */
    BLOCK_SCALAR,
    /** {@code *name}: the node stands elsewhere. */
    ALIAS
}
