/** The forms in which findings are written. The words are the engine's in all of them. */
@NullMarked
package io.gracekeeper.cli.report;

import org.jspecify.annotations.NullMarked;
