/**
 * Edits manifests in place: the text at the places of the nodes, so that comments, order, quoting and indentation stay as they
 * are. What is written is the engine's own fix, and read and judged again before it is kept.
 */
@NullMarked
package io.gracekeeper.cli.fix;

import org.jspecify.annotations.NullMarked;
