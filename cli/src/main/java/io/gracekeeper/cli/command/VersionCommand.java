package io.gracekeeper.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code version}. */
@Command(name = "version", description = "Shows the version, and the Java that it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println("gracekeeper " + Version.current() + " (Java " + Runtime.version() + ")");
        return ExitCodes.CLEAN;
    }
}
