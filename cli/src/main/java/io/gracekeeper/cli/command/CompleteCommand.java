package io.gracekeeper.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What kubectl's own completion asks, through {@code kubectl_complete-gracekeeper}: candidates, and {@code :0} to have files
 * completed too, {@code :4} not to (cobra's ShellCompDirective).
 */
@Command(name = "__complete", hidden = true)
final class CompleteCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "0..*")
    List<String> words = new ArrayList<>();

    CompleteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<String> typed = words.isEmpty() ? List.of("") : words;
        String last = typed.getLast();
        List<CharSequence> candidates = new ArrayList<>();
        AutoComplete.complete(
                Gracekeeper.whole(terminal).getCommandSpec(),
                typed.toArray(String[]::new),
                typed.size() - 1,
                last.length(),
                last.length(),
                candidates);
        candidates.forEach(candidate -> terminal.out().println(last + candidate));
        terminal.out().println(candidates.isEmpty() ? ":0" : ":4");
        return ExitCodes.CLEAN;
    }
}
