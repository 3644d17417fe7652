package io.gracekeeper.cli;

import io.gracekeeper.cli.command.Gracekeeper;
import io.gracekeeper.cli.command.Terminal;

/** Entry point of {@code kubectl-gracekeeper}. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args as typed
     */
    public static void main(String[] args) {
        // The API types have a logger, and nobody is there to read it.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Terminal terminal = Terminal.system();
        int code = Gracekeeper.run(terminal, args);
        System.exit(code);
    }
}
