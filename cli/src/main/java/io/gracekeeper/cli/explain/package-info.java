/** Shows how a verdict came about: each number of the arithmetic, and where it comes from. */
@NullMarked
package io.gracekeeper.cli.explain;

import org.jspecify.annotations.NullMarked;
