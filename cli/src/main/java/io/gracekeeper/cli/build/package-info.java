/** Packs the command line; not in its jar. */
@NullMarked
package io.gracekeeper.cli.build;

import org.jspecify.annotations.NullMarked;
