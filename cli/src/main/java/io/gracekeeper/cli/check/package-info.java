/** Judges manifests by policies: what {@code check} finds, in the words of the engine, with the places in the text. */
@NullMarked
package io.gracekeeper.cli.check;

import org.jspecify.annotations.NullMarked;
