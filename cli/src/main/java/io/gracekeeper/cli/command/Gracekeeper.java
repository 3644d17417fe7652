package io.gracekeeper.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. */
@Command(
        name = "kubectl gracekeeper",
        description = "Graceful shutdown as a policy: the cluster's own verdict, before the cluster sees the manifest.",
        synopsisSubcommandLabel = "COMMAND")
public final class Gracekeeper implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Shows what can be typed here.")
    boolean help;

    private Gracekeeper() {}

    /** The whole command line on some terminal. */
    public static CommandLine on(Terminal terminal) {
        var line = new CommandLine(new Gracekeeper())
                .addSubcommand(new CheckCommand(terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.colours().on() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    private static int failed(Exception e, Terminal terminal) {
        if (e instanceof UserError) {
            terminal.err().println("error: " + e.getMessage());
            return ExitCodes.USAGE;
        }
        StackTraceElement[] trace = e.getStackTrace();
        terminal.err()
                .println("error: this is a mistake of gracekeeper, please report it: " + e
                        + (trace.length == 0 ? "" : " at " + trace[0]));
        return ExitCodes.INTERNAL;
    }
}
