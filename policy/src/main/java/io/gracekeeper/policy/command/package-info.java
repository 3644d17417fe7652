/** How long a command takes, as far as its words say: argv, POSIX shell, cmd.exe and PowerShell. Pure, and never throws. */
@NullMarked
package io.gracekeeper.policy.command;

import org.jspecify.annotations.NullMarked;
