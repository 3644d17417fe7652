package io.gracekeeper.cli;

import io.gracekeeper.cli.command.Gracekeeper;
import io.gracekeeper.cli.command.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One run of the command line in this JVM.
 *
 * @param exitCode what the process would end with
 * @param out standard output
 * @param err standard error
 */
public record CommandLineRun(int exitCode, String out, String err) {
    /** Runs without input and terminal. */
    public static CommandLineRun of(String... args) {
        return withInput("", args);
    }

    /** Runs with a standard input. */
    public static CommandLineRun withInput(String stdin, String... args) {
        return run(stdin, false, Map.of(), args);
    }

    /** Runs as a person would, at a terminal. */
    public static CommandLineRun onTerminal(Map<String, String> environment, String... args) {
        return run("", true, environment, args);
    }

    private static CommandLineRun run(
            String stdin, boolean isTerminal, Map<String, String> environment, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        Terminal terminal = Terminal.of(in, out, err, isTerminal, environment);
        int code = Gracekeeper.run(terminal, args);
        return new CommandLineRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
