/** The commands: what the user types, and what becomes of it. */
@NullMarked
package io.gracekeeper.cli.command;

import org.jspecify.annotations.NullMarked;
