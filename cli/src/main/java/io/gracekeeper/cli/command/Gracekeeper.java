package io.gracekeeper.cli.command;

import io.gracekeeper.cli.cluster.ClusterUnreachable;
import io.gracekeeper.cli.manifest.MissingInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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

    /** What shells ask, and nobody types. */
    private static final String COMPLETE = "__complete";

    private Gracekeeper() {}

    /** Every command by its name. Made when it is asked for: a command's options are read by reflection. */
    private static final Map<String, Function<Terminal, Object>> COMMANDS = commands();

    private static Map<String, Function<Terminal, Object>> commands() {
        Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
        commands.put("check", CheckCommand::new);
        commands.put("fix", FixCommand::new);
        commands.put("except", ExceptCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("simulate", SimulateCommand::new);
        commands.put("test", TestCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("version", VersionCommand::new);
        return commands;
    }

    /**
     * Runs a command.
     *
     * @param args as typed
     * @return the exit code, one of {@link ExitCodes}
     */
    public static int run(Terminal terminal, String... args) {
        if (args.length > 0 && args[0].equals(COMPLETE)) {
            int code = new CompleteCommand(terminal, List.of(args).subList(1, args.length)).call();
            terminal.flush();
            return code;
        }
        Function<Terminal, Object> command = args.length == 0 ? null : COMMANDS.get(args[0]);
        CommandLine line = command == null
                ? whole(terminal)
                : configure(new CommandLine(new Gracekeeper()).addSubcommand(command.apply(terminal)), terminal);
        int code = execute(line, terminal, args);
        terminal.flush();
        return code;
    }

    private static int execute(CommandLine line, Terminal terminal, String... args) {
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) { // What was read is garbage by now, so that there is room to say it.
            terminal.err()
                    .println("error: the inputs don't fit into "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB of memory: name fewer of them at once, or set GRACEKEEPER_JAVA_OPTS=-Xmx4g");
            return ExitCodes.UNREADABLE;
        }
    }

    /** With every command. */
    static CommandLine whole(Terminal terminal) {
        var line = new CommandLine(new Gracekeeper());
        COMMANDS.values().forEach(each -> line.addSubcommand(each.apply(terminal)));
        return configure(line, terminal);
    }

    private static CommandLine configure(CommandLine line, Terminal terminal) {
        return line.setOut(terminal.out())
                .setErr(terminal.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.colours().on() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler((e, typed) -> misused(e, terminal))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    /** One line and where to read more: a page of options hides what was wrong. */
    private static int misused(ParameterException e, Terminal terminal) {
        terminal.err()
                .println("error: "
                        + (e instanceof UnmatchedArgumentException unmatched ? unknown(unmatched) : e.getMessage()));
        CommandLine at = e.getCommandLine();
        terminal.err().println("see: " + at.getCommandSpec().qualifiedName(" ") + " --help");
        return ExitCodes.USAGE;
    }

    private static String unknown(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        boolean command = e.getCommandLine().getParent() == null && !word.startsWith("-");
        List<String> similar = e.getSuggestions();
        return "there is no " + (word.startsWith("-") ? "option " : command ? "command " : "use for ") + "\"" + word
                + "\"" + (similar.isEmpty() ? "" : "; did you mean " + similar.getFirst() + "?");
    }

    private static int failed(Exception e, Terminal terminal) {
        if (e instanceof UserError || e instanceof ClusterUnreachable || e instanceof MissingInput) {
            String.valueOf(e.getMessage())
                    .lines()
                    .forEach(line -> terminal.err().println("error: " + line));
            return e instanceof UserError error ? error.exitCode() : ExitCodes.USAGE;
        }
        StackTraceElement[] trace = e.getStackTrace();
        terminal.err()
                .println("error: this is a mistake of gracekeeper, please report it: " + e
                        + (trace.length == 0 ? "" : " at " + trace[0]));
        return ExitCodes.INTERNAL;
    }
}
