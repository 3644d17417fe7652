package io.gracekeeper.cli.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code completion}: a script for the shell. */
@Command(
        name = "completion",
        description = "Writes a completion script for the shell.",
        footer = {
            "",
            "  source <(kubectl gracekeeper completion bash)",
            "  kubectl gracekeeper completion fish | source",
            "",
            "Completes kubectl-gracekeeper; kubectl's own completion asks the kubectl_complete-gracekeeper beside it."
        })
final class CompletionCommand implements Callable<Integer> {
    /** Asks for each completion, as kubectl does. The last line is a directive: :0 is to have files completed, :4 is not. */
    private static final String FISH = """
            function __kubectl_gracekeeper_complete
                set -l words (commandline -opc)
                set -l current (commandline -ct)
                set -l answer (kubectl-gracekeeper __complete $words[2..-1] "$current" 2>/dev/null)
                test "$answer[-1]" = :0; and __fish_complete_path "$current"
                string match -v ':*' -- $answer
            end
            complete -c kubectl-gracekeeper -f -a '(__kubectl_gracekeeper_complete)'
            """;

    private final Terminal terminal;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell = Shell.bash;

    /** The shells that there is a script for. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (shell == Shell.fish) {
            terminal.out().print(FISH);
            return ExitCodes.CLEAN;
        }
        CommandLine all = Gracekeeper.whole(terminal);
        String script = AutoComplete.bash("kubectl-gracekeeper", all);
        if (shell == Shell.zsh) {
            terminal.out().println("autoload -U +X compinit && compinit; autoload -U +X bashcompinit && bashcompinit");
        }
        terminal.out().print(script);
        return ExitCodes.CLEAN;
    }
}
