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
            "",
            "Completes kubectl-gracekeeper; kubectl's own completion asks the kubectl_complete-gracekeeper beside it."
        })
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh: one script serves both.")
    Shell shell = Shell.bash;

    /** The shells that there is a script for. */
    enum Shell {
        bash,
        zsh
    }

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine all = Gracekeeper.whole(terminal);
        String script = AutoComplete.bash("kubectl-gracekeeper", all);
        if (shell == Shell.zsh) {
            terminal.out().println("autoload -U +X compinit && compinit; autoload -U +X bashcompinit && bashcompinit");
        }
        terminal.out().print(script);
        return ExitCodes.CLEAN;
    }
}
